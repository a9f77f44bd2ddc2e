using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Backups;

/// <summary>What a backup holds: the catalog at one version as it is stored, with its secrets sealed, and the key that signs publications.</summary>
internal sealed record CatalogBackup
{
    /// <summary>The installation: secrets are bound to its name.</summary>
    public required string ServiceId { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>The catalog's life.</summary>
    public required LineageRecord Lineage { get; init; }

    /// <summary>The catalog's version.</summary>
    public required long Version { get; init; }

    /// <summary>The sealed signing key; null when no publication was made yet.</summary>
    public byte[]? SigningKey { get; init; }

    /// <summary>The resources.</summary>
    public required IReadOnlyList<CatalogRecord> Records { get; init; }
}
