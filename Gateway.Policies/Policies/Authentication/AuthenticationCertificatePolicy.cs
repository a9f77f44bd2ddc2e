using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Calls;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Authentication;

/// <summary>
/// Shows a certificate to the backend of the request that is forwarded; in <c>send-request</c> and <c>send-one-way-request</c> to the receiver of that request. One
/// that is not there, or has no private key, fails the request with 500.
/// </summary>
public sealed class AuthenticationCertificatePolicy : IPolicy<AuthenticationCertificatePolicy>, ICallPart
{
    private const string Name = "authentication-certificate";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name, Sections = PolicySection.Inbound };

    /// <summary><c>certificate-id</c>: the id of a certificate resource. This, <c>thumbprint</c> or <c>body</c>. May be an expression.</summary>
    public PolicySetting<string>? CertificateId { get; init; }

    /// <summary><c>thumbprint</c>: that of a certificate resource, SHA-1, 40 hex digits; spaces and colons do not count. May be an expression.</summary>
    public PolicySetting<string>? Thumbprint { get; init; }

    /// <summary><c>body</c>: the certificate itself with its key, as the bytes of a .pfx file, or these in base64. May be an expression.</summary>
    public PolicySetting<object?>? Body { get; init; }

    /// <summary><c>password</c>: that of <c>body</c>. May be an expression.</summary>
    public PolicySetting<string>? Password { get; init; }

    /// <inheritdoc/>
    public static AuthenticationCertificatePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var id = read.TextSetting("certificate-id", text => text.Length == 0 ? "The attribute 'certificate-id' must not be empty." : null);
        var thumbprint = read.Setting<string>("thumbprint", ReadThumbprint);
        var (body, password) = (read.ValueSetting("body"), read.TextSetting("password"));
        if (((string[])["certificate-id", "thumbprint", "body"]).Count(read.Has) != 1)
        {
            parsing.Diagnostics.Error(element, $"The element '{Name}' needs one of the attributes 'certificate-id', 'thumbprint' and 'body'.");
        }
        else if (id is { Literal: { } named })
        {
            parsing.UsesCertificate(named);
        }

        if (read.Has("password") && !read.Has("body"))
        {
            read.Error("password", "The attribute 'password' is that of 'body', which is missing.");
        }

        read.End();
        return new() { CertificateId = id, Thumbprint = thumbprint, Body = body, Password = password };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.Backend.Connection = context.Backend.Connection with { Certificate = Resolve(context) };
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    ValueTask ICallPart.ApplyAsync(PolicyContext context, OutgoingCall call)
    {
        call.Connection = call.Connection with { Certificate = Resolve(context) };
        return ValueTask.CompletedTask;
    }

    private static string? ReadThumbprint(string text, out string thumbprint)
    {
        thumbprint = text.Replace(" ", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        return thumbprint.Length == 40 && thumbprint.All(char.IsAsciiHexDigit) ? null : "The attribute 'thumbprint' must be 40 hex digits.";
    }

    private X509Certificate2 Resolve(PolicyContext context)
    {
        var found = CertificateId is { } id ? context.FindCertificate(id.For(context))
            : Thumbprint is { } thumbprint ? context.FindCertificateByThumbprint(thumbprint.For(context))
            : Load(context);
        return found is null ? throw Failure("CertificateNotFound", "The certificate that the policy names is not there.")
            : !found.HasPrivateKey ? throw Failure("CertificateNotUsable", "The certificate that the policy names has no private key.")
            : found;
    }

    private X509Certificate2 Load(PolicyContext context)
    {
        try
        {
            var bytes = Body!.Value.For(context) switch
            {
                byte[] given => given,
                string text => Convert.FromBase64String(text),
                _ => throw new FormatException("It is neither bytes nor text."),
            };
            return context.LoadCertificate(bytes, Password?.For(context));
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            throw Failure("CertificateNotUsable", "The certificate in the attribute 'body' cannot be read.", e);
        }
    }

    private static PolicyException Failure(string reason, string message, Exception? inner = null) =>
        new(new LastError { Source = Name, Reason = reason, Message = message }, StatusCodes.Status500InternalServerError, message, inner);
}
