using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>The publication in force and what is kept with it. Replaced as a whole.</summary>
internal sealed record PublishedState
{
    /// <summary>The manifest as edges get it.</summary>
    public required SignedManifest Signed { get; init; }

    /// <summary>The kept manifests, newest first; the first is the one in force.</summary>
    public required IReadOnlyList<Manifest> Kept { get; init; }

    /// <summary>The manifest in force.</summary>
    public Manifest Manifest => Kept[0];

    /// <summary>The lengths of all stored bodies, by name.</summary>
    public Dictionary<string, int> Lengths() =>
        Kept.SelectMany(manifest => manifest.Chunks).DistinctBy(chunk => chunk.Name).ToDictionary(chunk => chunk.Name, chunk => chunk.Length, StringComparer.Ordinal);
}
