using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>
/// The APIs of a publication by host: a tree for each host name that an API gives, one for each wildcard, and one for the APIs that
/// answer on every host. Immutable: a copy with one API changed shares all that this API is not in.
/// </summary>
internal sealed class ApiTable
{
    private const string WildcardLabel = "*";

    private readonly HashTrie<HostNode> _exact;
    private readonly HashTrie<HostNode> _wildcards;

    private ApiTable(ApiTree anywhere, HashTrie<HostNode> exact, HashTrie<HostNode> wildcards) =>
        (Anywhere, _exact, _wildcards) = (anywhere, exact, wildcards);

    /// <summary>The table without APIs.</summary>
    public static ApiTable Empty { get; } = new(ApiTree.Empty, HashTrie<HostNode>.Empty, HashTrie<HostNode>.Empty);

    /// <summary>The APIs that answer on every host.</summary>
    public ApiTree Anywhere { get; }

    /// <summary>True when at least one API answers on some hosts only.</summary>
    public bool HasHosts => _exact.Count + _wildcards.Count > 0;

    /// <summary>The APIs that give exactly this host name, or null.</summary>
    public ApiTree? Exactly(ReadOnlySpan<char> host) => Find(_exact, host);

    /// <summary>The APIs of the wildcard with the longest suffix that the host has; null when there is none.</summary>
    /// <param name="host">The host's name.</param>
    /// <param name="position">Where to look from, 0 at first; then behind the wildcard that was found, for the next shorter one.</param>
    public ApiTree? Below(ReadOnlySpan<char> host, ref int position)
    {
        while (_wildcards.Count > 0 && host[position..].IndexOf('.') is var dot and >= 0)
        {
            // A wildcard stands for one label or more, never for none.
            var isBelow = position + dot > 0;
            position += dot + 1;
            if (isBelow && Find(_wildcards, host[(position - 1)..]) is { } tree)
            {
                return tree;
            }
        }

        position = host.Length;
        return null;
    }

    /// <summary>A table that also holds this API, in place of the one with the same id, hosts and path.</summary>
    public ApiTable With(ApiModel api) => Change(api, tree => tree.With(api));

    /// <summary>A table without this API.</summary>
    public ApiTable Without(ApiModel api) => Change(api, tree => tree.Without(api));

    private ApiTable Change(ApiModel api, Func<ApiTree, ApiTree> change)
    {
        if (api.Hostnames.Length == 0)
        {
            return new ApiTable(change(Anywhere), _exact, _wildcards);
        }

        var (exact, wildcards) = (_exact, _wildcards);
        foreach (var host in api.Hostnames)
        {
            if (host.StartsWith(WildcardLabel, StringComparison.Ordinal))
            {
                wildcards = Change(wildcards, host[WildcardLabel.Length..], change);
            }
            else
            {
                exact = Change(exact, host, change);
            }
        }

        return new ApiTable(Anywhere, exact, wildcards);
    }

    private static HashTrie<HostNode> Change(HashTrie<HostNode> hosts, string host, Func<ApiTree, ApiTree> change)
    {
        var node = new HostNode(host, change(Find(hosts, host) ?? ApiTree.Empty));
        return node.Apis.IsEmpty ? hosts.Without(node) : hosts.With(node);
    }

    private static ApiTree? Find(HashTrie<HostNode> hosts, ReadOnlySpan<char> host) =>
        hosts.Count == 0 ? null : hosts.Find(PathSegments.HashOf(host), new SegmentProbe<HostNode>(host))?.Apis;

    private sealed class HostNode(string host, ApiTree apis) : ISegmentNode, IHashEntry<HostNode>
    {
        public string Segment { get; } = host;

        public ApiTree Apis { get; } = apis;

        public int Hash { get; } = PathSegments.HashOf(host);

        public bool HasKeyOf(HostNode other) => Segment.Equals(other.Segment, StringComparison.OrdinalIgnoreCase);
    }
}
