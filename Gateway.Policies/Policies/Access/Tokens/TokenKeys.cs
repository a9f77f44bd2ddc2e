using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>
/// Keys that stand in a policy: <c>key</c> elements with base64 of a symmetric key, or with <c>n</c> and <c>e</c> of an RSA key, or with the
/// <c>certificate-id</c> of a certificate resource; <c>id</c> is compared with the token's <c>kid</c>.
/// </summary>
internal sealed class TokenKeys
{
    private static readonly ConditionalWeakTable<X509Certificate2, SecurityKey> s_certificateKeys = [];

    private readonly List<PolicySetting<SecurityKey?>> _settings = [];
    private readonly List<string> _certificates = [];
    private SecurityKey[]? _fixed = [];

    /// <summary>No keys.</summary>
    public static TokenKeys None { get; } = new();

    /// <summary>True when nothing was written.</summary>
    public bool IsEmpty => _settings.Count + _certificates.Count == 0;

    /// <summary>True when the keys are the same for all requests, but for those of certificates.</summary>
    public bool IsLiteral => _fixed is not null;

    /// <summary>Reads the keys in an element of the policy.</summary>
    /// <param name="policy">The policy's reader.</param>
    /// <param name="list">The element's name.</param>
    /// <param name="parsing">Where findings go.</param>
    public static TokenKeys Read(ElementReader policy, string list, PolicyParsing parsing)
    {
        var keys = new TokenKeys();
        if (policy.Child(list) is { } element)
        {
            var read = parsing.Read(element);
            foreach (var child in read.Children("key"))
            {
                keys.Add(child, parsing);
            }

            read.End();
        }

        keys._fixed = keys._settings.TrueForAll(setting => setting.IsLiteral) ? [.. keys._settings.Select(setting => setting.Literal).OfType<SecurityKey>()] : null;
        return keys;
    }

    /// <summary>The keys for a request; those of certificates that are not there are left out.</summary>
    public IReadOnlyList<SecurityKey> For(PolicyContext context)
    {
        var keys = _fixed ?? [.. _settings.Select(setting => setting.For(context)).OfType<SecurityKey>()];
        return _certificates.Count == 0 ? keys
            : [.. keys, .. CertificatesFor(context).OfType<X509Certificate2>().Select(certificate => s_certificateKeys.GetValue(certificate, OfCertificate))];
    }

    /// <summary>The certificates, in the order of their keys; null for one that is not there.</summary>
    public IReadOnlyList<X509Certificate2?> CertificatesFor(PolicyContext context) =>
        _certificates.Count == 0 ? [] : [.. _certificates.Select(context.FindCertificate)];

    /// <summary>True while the certificates are these.</summary>
    public bool AreSame(PolicyContext context, IReadOnlyList<X509Certificate2?> certificates)
    {
        for (var i = 0; i < _certificates.Count; i++)
        {
            if (!ReferenceEquals(context.FindCertificate(_certificates[i]), certificates[i]))
            {
                return false;
            }
        }

        return true;
    }

    private void Add(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var id = read.Optional("id");
        if (read.Has("certificate-id"))
        {
            AddCertificate(read, parsing);
        }
        else if ((read.Has("n") || read.Has("e") ? RsaKey(read, id) : SymmetricKey(element, read, id, parsing)) is { } key)
        {
            _settings.Add(key);
        }

        read.End();
    }

    private void AddCertificate(ElementReader read, PolicyParsing parsing)
    {
        if (read.Required("certificate-id") is { } id)
        {
            parsing.UsesCertificate(id);
            _certificates.Add(id);
        }
    }

    private static SecurityKey OfCertificate(X509Certificate2 certificate) =>
        certificate.GetECDsaPublicKey() is { } curve ? new ECDsaSecurityKey(curve) { KeyId = certificate.Thumbprint } : new X509SecurityKey(certificate);

    private static PolicySetting<SecurityKey?>? RsaKey(ElementReader read, string? id)
    {
        var modulus = read.Setting<byte[]>("n", ReadUrlBase64);
        var exponent = read.Setting<byte[]>("e", ReadUrlBase64);
        if (modulus is { IsLiteral: true, Literal: { } n } && exponent is { IsLiteral: true, Literal: { } e })
        {
            return new(Make(n, e));
        }

        return modulus is { } first && exponent is { } second ? new(context => Make(first.For(context), second.For(context))) : null;

        SecurityKey? Make(byte[] n, byte[] e) => new RsaSecurityKey(new RSAParameters { Modulus = n, Exponent = e }) { KeyId = id };

        string? ReadUrlBase64(string text, out byte[] value)
        {
            value = [];
            try
            {
                value = Base64UrlEncoder.DecodeBytes(text);
            }
            catch (FormatException)
            {
                return "The attributes 'n' and 'e' must be base64url.";
            }

            return value.Length > 0 ? null : "The attributes 'n' and 'e' must be written together, and not be empty.";
        }
    }

    private static PolicySetting<SecurityKey?>? SymmetricKey(PolicyElement element, ElementReader read, string? id, PolicyParsing parsing)
    {
        const string wrong = "A key must be base64.";
        var isLiteral = element.Text?.Value.IsLiteral != false;
        return read.Content((string text, out SecurityKey? key) =>
        {
            var bytes = new byte[text.Length];
            var isKey = Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length > 0;
            key = isKey ? new SymmetricSecurityKey(bytes[..length]) { KeyId = id } : null;
            if (!isKey && isLiteral)
            {
                parsing.Diagnostics.Warning(element, $"{wrong} As it stands it has signed no token.");
            }

            return isKey || isLiteral ? null : wrong;
        });
    }
}
