using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Lets only requests pass whose client presented a certificate that is good, and is one of those listed if any are. The gateway asks for one at the
/// start of a TLS connection when <c>Gateway:Edge:ClientCertificates</c> is true; it is not asked for later. A certificate's chain is checked
/// once in ten minutes, not with each request.
/// </summary>
public sealed class ValidateClientCertificatePolicy : IPolicy<ValidateClientCertificatePolicy>
{
    private IReadOnlyList<CertificateIdentity> _identities = [];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "validate-client-certificate", Sections = PolicySection.Inbound };

    /// <summary><c>validate-revocation</c>: true (default) refuses a certificate that was revoked, or of which that cannot be told. May be an expression.</summary>
    public PolicySetting<bool> ValidatesRevocation { get; init; }

    /// <summary><c>validate-trust</c>: true (default) refuses one whose chain does not end in an authority that the host trusts. May be an expression.</summary>
    public PolicySetting<bool> ValidatesTrust { get; init; }

    /// <summary><c>validate-not-before</c>: true (default) refuses one that is not valid yet. May be an expression.</summary>
    public PolicySetting<bool> ValidatesStart { get; init; }

    /// <summary><c>validate-not-after</c>: true (default) refuses one that has expired. May be an expression.</summary>
    public PolicySetting<bool> ValidatesEnd { get; init; }

    /// <summary><c>ignore-error</c>: true lets all requests pass; false by default. May be an expression.</summary>
    public PolicySetting<bool> IgnoresErrors { get; init; }

    /// <inheritdoc/>
    public static ValidateClientCertificatePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var made = new ValidateClientCertificatePolicy
        {
            ValidatesRevocation = read.BooleanSetting("validate-revocation") ?? new(true),
            ValidatesTrust = read.BooleanSetting("validate-trust") ?? new(true),
            ValidatesStart = read.BooleanSetting("validate-not-before") ?? new(true),
            ValidatesEnd = read.BooleanSetting("validate-not-after") ?? new(true),
            IgnoresErrors = read.BooleanSetting("ignore-error") ?? new(false),
            _identities = CertificateIdentity.ReadAll(read, parsing),
        };
        read.End();
        return made;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        if (IgnoresErrors.For(context))
        {
            return;
        }

        if (context.Http.Connection.ClientCertificate is not { } certificate)
        {
            throw Refuse("ClientCertificateNotPresent", "The client presented no certificate.");
        }

        if (ValidatesStart.For(context) && context.Timestamp < certificate.NotBefore)
        {
            throw Refuse("ClientCertificateNotYetValid", "The client's certificate is not valid yet.");
        }

        if (ValidatesEnd.For(context) && context.Timestamp > certificate.NotAfter)
        {
            throw Refuse("ClientCertificateExpired", "The client's certificate has expired.");
        }

        var (trust, revocation) = (ValidatesTrust.For(context), ValidatesRevocation.For(context));
        var chain = trust || revocation || _identities.Any(identity => identity.AsksForIssuer) ? await ClientCertificates.ChainOfAsync(context, certificate, revocation) : null;
        if (trust && !chain!.IsTrusted)
        {
            throw Refuse("ClientCertificateNotTrusted", "The client's certificate is not issued by an authority that is trusted.");
        }

        if (revocation && chain!.IsRevoked)
        {
            throw Refuse("ClientCertificateRevoked", "The client's certificate was revoked, or whether it was cannot be told.");
        }

        if (_identities.Count > 0 && !_identities.Any(identity => identity.Fits(context, certificate, chain)))
        {
            throw Refuse("ClientCertificateIdentityNotMatched", "The client's certificate is none of those allowed.");
        }
    }

    private static PolicyException Refuse(string reason, string message) => AccessRefusals.Make(
        Descriptor.Name, reason, $"{message} Access denied.", StatusCodes.Status401Unauthorized, "Invalid client certificate");
}
