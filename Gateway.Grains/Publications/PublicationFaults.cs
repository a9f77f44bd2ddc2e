using System.Collections.Concurrent;

namespace Gateway.Grains.Publications;

/// <summary>What keeps this silo from publishing the catalog as it is, for people to see: one sentence for each gateway that is behind.</summary>
public sealed class PublicationFaults
{
    private readonly ConcurrentDictionary<string, string> _byGateway = new(StringComparer.Ordinal);

    /// <summary>The sentences, ordered by gateway; none while everything is published. No named value is in them.</summary>
    public IReadOnlyList<string> All => [.. _byGateway.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => fault.Value)];

    internal void Set(string gateway, string sentence) => _byGateway[gateway] = sentence;

    internal void Clear(string gateway) => _byGateway.TryRemove(gateway, out _);
}
