using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Access;

/// <summary>A certificate that <c>validate-client-certificate</c> lets pass: it has all that is written.</summary>
internal sealed class CertificateIdentity
{
    private static readonly (string Name, Func<X509Certificate2, CertificateChain?, string?> Read)[] s_parts =
    [
        ("thumbprint", (certificate, _) => certificate.Thumbprint),
        ("serial-number", (certificate, _) => certificate.SerialNumber),
        ("common-name", (certificate, _) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)),
        ("subject", (certificate, _) => certificate.Subject),
        ("dns-name", (certificate, _) => certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)),
        ("issuer-subject", (certificate, _) => certificate.Issuer),
        (IssuerThumbprint, (_, chain) => chain?.IssuerThumbprint),
    ];

    private const string IssuerThumbprint = "issuer-thumbprint";
    private const string IssuerCertificate = "issuer-certificate-id";

    private readonly List<(PolicySetting<string> Wanted, Func<X509Certificate2, CertificateChain?, string?> Read)> _parts = [];
    private string? _issuerId;

    /// <summary>True when the certificate of the issuer has to be known.</summary>
    public bool AsksForIssuer { get; private set; }

    /// <summary>Reads the <c>identity</c> elements in <c>identities</c>.</summary>
    public static IReadOnlyList<CertificateIdentity> ReadAll(ElementReader policy, PolicyParsing parsing)
    {
        if (policy.Child("identities") is not { } list)
        {
            return [];
        }

        var read = parsing.Read(list);
        CertificateIdentity[] identities = [.. read.Children("identity").Select(child => Read(child, parsing))];
        read.End();
        return identities;
    }

    /// <summary>True when a certificate has all that is written.</summary>
    public bool Fits(PolicyContext context, X509Certificate2 certificate, CertificateChain? chain)
    {
        foreach (var (wanted, read) in _parts)
        {
            if (!string.Equals(wanted.For(context), read(certificate, chain), StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return _issuerId is null || (context.FindCertificate(_issuerId) is { } issuer && issuer.Thumbprint == chain?.IssuerThumbprint);
    }

    private static CertificateIdentity Read(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var identity = new CertificateIdentity { AsksForIssuer = read.Has(IssuerThumbprint) || read.Has(IssuerCertificate) };
        foreach (var (name, reader) in s_parts)
        {
            if (read.TextSetting(name) is { } wanted)
            {
                identity._parts.Add((wanted, reader));
            }
        }

        if (read.Optional(IssuerCertificate) is { Length: > 0 } issuer)
        {
            identity._issuerId = issuer;
            parsing.UsesCertificate(issuer);
        }

        if (element.Attributes.All(attribute => attribute.Name == "id"))
        {
            parsing.Diagnostics.Error(element, "The element 'identity' needs at least one attribute, such as 'thumbprint' or 'subject'.");
        }

        read.End();
        return identity;
    }
}
