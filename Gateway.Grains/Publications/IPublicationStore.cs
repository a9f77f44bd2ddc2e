using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Publications;

/// <summary>What the state store keeps of publications. Failures of the store are exceptions of its client.</summary>
internal interface IPublicationStore
{
    /// <summary>The kept manifests of a gateway, newest first; empty before the first is made.</summary>
    Task<IReadOnlyList<SignedManifest>> LoadAsync(string gateway);

    /// <summary>The name of the newest publication of a gateway; null before the first.</summary>
    Task<PublicationId?> NewestAsync(string gateway);

    /// <summary>Bodies of chunks in the order asked; null for one that is gone.</summary>
    Task<byte[]?[]> BodiesAsync(string gateway, IReadOnlyList<string> names);

    /// <summary>
    /// Stores a publication, and drops what it makes superfluous, in one transaction; false, and nothing is written, when
    /// another publication than the previous one is stored, another key signs, or the catalog is of another life.
    /// </summary>
    Task<bool> TryPublishAsync(string gateway, PublicationWrite write);

    /// <summary>The sealed signing key: the one that is kept, or the given one, kept from now on.</summary>
    /// <param name="fresh">Makes a sealed key; asked only when none is kept.</param>
    Task<byte[]> SigningKeyAsync(Func<byte[]> fresh);

    /// <summary>The sealed signing key that is kept; null when there is none.</summary>
    Task<byte[]?> FindSigningKeyAsync();

    /// <summary>The kept rollout of a gateway; null when there is none.</summary>
    Task<byte[]?> RolloutAsync(string gateway);

    /// <summary>Keeps a rollout; null keeps none.</summary>
    Task KeepRolloutAsync(string gateway, byte[]? rollout);

    /// <summary>Keeps another sealed signing key; false when the one given is not the one that is kept.</summary>
    Task<bool> TryReplaceSigningKeyAsync(byte[] before, byte[] after);
}

/// <summary>One publication to store.</summary>
internal sealed record PublicationWrite
{
    /// <summary>The publication that this one follows; null for the first.</summary>
    public required PublicationId? Previous { get; init; }

    /// <summary>The catalog's life that it belongs to.</summary>
    public required LineageRecord Lineage { get; init; }

    /// <summary>Its name.</summary>
    public required PublicationId Id { get; init; }

    /// <summary>The manifest.</summary>
    public required SignedManifest Signed { get; init; }

    /// <summary>The sealed key that signed it: stored only while it is the one that is kept. Null for a publication that another site signed.</summary>
    public required byte[]? SigningKey { get; init; }

    /// <summary>The bodies that are not stored yet, by name.</summary>
    public required IReadOnlyDictionary<string, byte[]> NewBodies { get; init; }

    /// <summary>Names of bodies that no kept manifest uses any more.</summary>
    public required IReadOnlyCollection<string> ObsoleteBodies { get; init; }

    /// <summary>Numbers of manifests that are not kept any longer.</summary>
    public required IReadOnlyCollection<long> ObsoleteManifests { get; init; }
}
