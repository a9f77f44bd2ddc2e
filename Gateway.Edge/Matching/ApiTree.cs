using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>
/// Finds the APIs with the longest path that a request's path begins with, segment by segment. Immutable: a copy with one API
/// changed shares all but the nodes on that API's path.
/// </summary>
internal sealed class ApiTree
{
    private readonly Node _root;

    private ApiTree(Node root) => _root = root;

    /// <summary>The tree without APIs.</summary>
    public static ApiTree Empty { get; } = new(new Node("", [], HashTrie<Node>.Empty));

    /// <summary>True when it holds no API.</summary>
    public bool IsEmpty => _root.Apis.Length == 0 && _root.Children.Count == 0;

    /// <summary>Finds the APIs of a path.</summary>
    /// <param name="path">The request's path, decoded.</param>
    /// <param name="end">Where the APIs' path ends in it.</param>
    /// <returns>The APIs that have the longest path, in the order of their ids; empty when no API's path fits.</returns>
    public ReadOnlySpan<ApiModel> Find(ReadOnlySpan<char> path, out int end)
    {
        var found = _root.Apis;
        end = 0;
        var node = _root;
        for (var position = 0; position < path.Length && node.Children.Count > 0;)
        {
            var segment = PathSegments.At(path, position, out position);
            if (node.Children.Find(PathSegments.HashOf(segment), new SegmentProbe<Node>(segment)) is not { } child)
            {
                break;
            }

            node = child;
            if (node.Apis.Length > 0)
            {
                (found, end) = (node.Apis, position);
            }
        }

        return found;
    }

    /// <summary>A tree that also holds this API, in place of the one with the same id at the same path.</summary>
    public ApiTree With(ApiModel api) => new(Change(_root, api.PathSegments, api, true));

    /// <summary>A tree without this API.</summary>
    public ApiTree Without(ApiModel api) => new(Change(_root, api.PathSegments, api, false));

    private static Node Change(Node node, ReadOnlySpan<string> path, ApiModel api, bool add)
    {
        if (path.IsEmpty)
        {
            IEnumerable<ApiModel> others = node.Apis.Where(held => held.Info.Id != api.Info.Id);
            var apis = add ? others.Append(api).OrderBy(held => held.Info.Id, StringComparer.Ordinal) : others;
            return new Node(node.Segment, [.. apis], node.Children);
        }

        var known = node.Children.Find(PathSegments.HashOf(path[0]), new SegmentProbe<Node>(path[0]));
        var child = Change(known ?? new Node(path[0], [], HashTrie<Node>.Empty), path[1..], api, add);
        var isEmpty = child.Apis.Length == 0 && child.Children.Count == 0;
        return new Node(node.Segment, node.Apis, isEmpty ? node.Children.Without(child) : node.Children.With(child));
    }

    private sealed class Node(string segment, ApiModel[] apis, HashTrie<Node> children) : ISegmentNode, IHashEntry<Node>
    {
        public string Segment { get; } = segment;

        public int Hash { get; } = PathSegments.HashOf(segment);

        public ApiModel[] Apis { get; } = apis;

        public HashTrie<Node> Children { get; } = children;

        public bool HasKeyOf(Node other) => Segment.Equals(other.Segment, StringComparison.OrdinalIgnoreCase);
    }
}
