using System.Globalization;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Certificates;

namespace Gateway.Contracts.Catalog.Kinds.Certificates;

/// <summary>Certificates that policies present to backends, sign with, or check signatures by.</summary>
public sealed class CertificateKind() : ResourceKind("/certificates/{certificateId}")
{
    /// <inheritdoc />
    public override string Summary => "A certificate that policies present to backends, sign with, or check signatures by.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.All & ~ResourceVerbs.Patch;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A certificate.",
        ["data"] = new TextSchema
        {
            Summary = "Base64 of a .pfx or .cer file, or the text of a .pem file; up to 64 KB. Stored encrypted, in no answer; a PUT without it keeps it.",
            Maximum = 64 * 1024, IsSecret = true,
        },
        ["password"] = new TextSchema
        {
            Summary = "The password of the private key; empty for none. Stored encrypted, in no answer; a PUT without it keeps it.",
            Minimum = 0, Maximum = 1000, IsSecret = true,
        },
        ["subject"] = new TextSchema { Summary = "Whom it names.", IsReadOnly = true },
        ["thumbprint"] = new TextSchema { Summary = "SHA-1 of the certificate, 40 hex digits.", IsReadOnly = true },
        ["expirationDate"] = new TextSchema { Summary = "When it expires, in universal time.", IsReadOnly = true },
    };

    /// <inheritdoc />
    public override void Complete(ResourceDraft draft)
    {
        // Those of the certificate before, when there was one.
        draft.Properties.Remove("subject");
        draft.Properties.Remove("thumbprint");
        draft.Properties.Remove("expirationDate");
        if (draft.Text("data") is not { } data || CertificateContent.Load(data, draft.Text("password")) is not { Value: { } certificate })
        {
            return;
        }

        using (certificate)
        {
            draft.Properties["subject"] = certificate.Subject;
            draft.Properties["thumbprint"] = certificate.Thumbprint;
            draft.Properties["expirationDate"] = certificate.NotAfter.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
    }

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        if (draft.Text("data") is not { } data)
        {
            errors.Add("properties.data", "'properties.data' is required; certificates of a key vault are not supported by this version.");
            return;
        }

        if (draft.Text("thumbprint") is null)
        {
            foreach (var error in CertificateContent.Load(data, draft.Text("password")).Errors)
            {
                errors.Add("properties.data", $"'properties.data' {error.Message}");
            }
        }
    }
}
