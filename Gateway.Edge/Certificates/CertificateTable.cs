using System.Collections.Frozen;
using System.Security.Cryptography.X509Certificates;
using Gateway.Contracts.Certificates;
using Gateway.Contracts.Publications;

namespace Gateway.Edge.Certificates;

/// <summary>
/// The certificates of one publication. Loading one derives a key from its password, so those that did not change are those of the publication
/// before. Requests hold them, so they are left to the collector and not disposed.
/// </summary>
internal sealed class CertificateTable
{
    private readonly FrozenDictionary<string, Held> _held;

    /// <summary>Loads the certificates.</summary>
    /// <exception cref="FormatException">One cannot be read.</exception>
    public CertificateTable(IReadOnlyList<CertificateEntry> entries, CertificateTable? before)
    {
        _held = entries
            .DistinctBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(entry => entry.Id, entry => before?.Find(entry) ?? Load(entry), StringComparer.OrdinalIgnoreCase);
        ById = _held.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.Certificate, StringComparer.OrdinalIgnoreCase);
        ByThumbprint = ById.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)
            .DistinctBy(certificate => certificate.Thumbprint, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(certificate => certificate.Thumbprint, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The certificates by id, in any case.</summary>
    public FrozenDictionary<string, X509Certificate2> ById { get; }

    /// <summary>The certificates by thumbprint, in any case. Of two with the same it is the one with the first id.</summary>
    public FrozenDictionary<string, X509Certificate2> ByThumbprint { get; }

    private Held? Find(CertificateEntry entry) => _held.GetValueOrDefault(entry.Id) is { } held && held.Entry == entry ? held : null;

    private static Held Load(CertificateEntry entry)
    {
        var loaded = CertificateContent.Load(entry.Data, entry.Password);
        return loaded.IsSuccess
            ? new(entry, loaded.Value)
            : throw new FormatException($"The certificate '{entry.Id}' cannot be read: its data {loaded.Errors[0].Message}");
    }

    private sealed record Held(CertificateEntry Entry, X509Certificate2 Certificate);
}
