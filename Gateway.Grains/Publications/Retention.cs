using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>What is kept of publications that were replaced: edges under way to them must find their chunks.</summary>
internal static class Retention
{
    /// <summary>How many manifests are kept, the current one included.</summary>
    public const int Manifests = 10;

    /// <summary>The manifests and bodies that go when another publication comes.</summary>
    /// <param name="kept">The manifests kept until now, newest first.</param>
    /// <param name="next">The new one.</param>
    public static (Manifest[] Manifests, string[] Bodies) Obsolete(IReadOnlyList<Manifest> kept, Manifest next)
    {
        Manifest[] going = [.. kept.Skip(Manifests - 1)];
        var used = kept.Take(Manifests - 1).Append(next).SelectMany(manifest => manifest.Chunks).Select(chunk => chunk.Name).ToHashSet(StringComparer.Ordinal);
        string[] bodies = [.. going.SelectMany(manifest => manifest.Chunks).Select(chunk => chunk.Name).Where(name => !used.Contains(name)).Distinct(StringComparer.Ordinal)];
        return (going, bodies);
    }
}
