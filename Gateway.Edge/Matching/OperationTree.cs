using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>
/// Finds the operation of one API by method, path and query. On each level a literal goes before a segment with text and
/// parameters, that before a parameter, that before a wildcard; a way that leads nowhere is left for the next. Built once, then
/// only read; a look-up visits no node twice and allocates nothing.
/// </summary>
internal sealed class OperationTree
{
    private readonly Node _root = new("");

    /// <summary>Builds the tree of an API's operations.</summary>
    public OperationTree(IEnumerable<OperationModel> operations)
    {
        foreach (var operation in operations)
        {
            Add(operation);
        }
    }

    /// <summary>The operation, or null when none matches.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path, decoded.</param>
    /// <param name="start">Where the API's prefix ends: at a slash, or at the end of the path.</param>
    /// <param name="query">The request's query as sent.</param>
    public OperationModel? Find(string method, ReadOnlySpan<char> path, int start, ReadOnlySpan<char> query) =>
        Find(_root, new Request(start == path.Length ? "/" : path[start..], method, query), 0);

    private static OperationModel? Find(Node node, Request request, int start)
    {
        if (start == request.Path.Length)
        {
            // A slash at the end counts only where a template without it exists as well.
            return Select(node.Ending, request)
                ?? (node.Literals.Find(PathSegments.HashOf([]), new SegmentProbe<Node>([])) is { } slashed
                    ? Select(slashed.Ending, request) : null);
        }

        var segment = PathSegments.At(request.Path, start, out var end);
        if (node.Literals.Count > 0
            && node.Literals.Find(PathSegments.HashOf(segment), new SegmentProbe<Node>(segment)) is { } literal
            && Find(literal, request, end) is { } byLiteral)
        {
            return byLiteral;
        }

        if (!segment.IsEmpty)
        {
            foreach (var (pattern, next) in node.Patterns)
            {
                if (pattern.Matches(segment) && Find(next, request, end) is { } byPattern)
                {
                    return byPattern;
                }
            }

            if (node.Parameter is { } any && Find(any, request, end) is { } byParameter)
            {
                return byParameter;
            }
        }

        return Select(node.Wildcards, request)
            ?? (segment.IsEmpty && end == request.Path.Length ? Select(node.Ending, request) : null);
    }

    private static OperationModel? Select(OperationModel[] candidates, Request request)
    {
        foreach (var candidate in candidates)
        {
            if (candidate.Accepts(request.Method, request.Query))
            {
                return candidate;
            }
        }

        return null;
    }

    private void Add(OperationModel operation)
    {
        var node = _root;
        foreach (var segment in operation.Template.Segments)
        {
            if (segment is TemplateSegment.Wildcard)
            {
                node.Wildcards = With(node.Wildcards, operation);
                return;
            }

            node = node.Next(segment);
        }

        node.Ending = With(node.Ending, operation);
    }

    /// <summary>The method itself goes before <c>*</c>, more conditions on the query before fewer.</summary>
    private static OperationModel[] With(OperationModel[] candidates, OperationModel operation)
    {
        var place = Array.FindIndex(candidates, other => Rank(other) < Rank(operation)) is >= 0 and var found ? found : candidates.Length;
        return [.. candidates[..place], operation, .. candidates[place..]];
    }

    private static int Rank(OperationModel operation) =>
        operation.Template.Query.Length + (operation.TakesAnyMethod ? 0 : 1_000_000);

    private readonly ref struct Request(ReadOnlySpan<char> path, string method, ReadOnlySpan<char> query)
    {
        public readonly ReadOnlySpan<char> Path = path;
        public readonly string Method = method;
        public readonly ReadOnlySpan<char> Query = query;
    }

    private sealed class Node(string segment) : ISegmentNode, IHashEntry<Node>
    {
        public string Segment { get; } = segment;

        public int Hash { get; } = PathSegments.HashOf(segment);

        public HashTrie<Node> Literals { get; private set; } = HashTrie<Node>.Empty;

        public (TemplateSegment.Pattern Form, Node Next)[] Patterns { get; private set; } = [];

        public Node? Parameter { get; private set; }

        public OperationModel[] Wildcards { get; set; } = [];

        public OperationModel[] Ending { get; set; } = [];

        public bool HasKeyOf(Node other) => Segment.Equals(other.Segment, StringComparison.OrdinalIgnoreCase);

        public Node Next(TemplateSegment segment)
        {
            switch (segment)
            {
                case TemplateSegment.Literal literal:
                    var probe = new SegmentProbe<Node>(literal.Text);
                    if (Literals.Find(PathSegments.HashOf(literal.Text), probe) is { } known)
                    {
                        return known;
                    }

                    var added = new Node(literal.Text);
                    Literals = Literals.With(added);
                    return added;

                case TemplateSegment.Pattern pattern:
                    var same = Array.FindIndex(Patterns, held => held.Form.Texts.SequenceEqual(pattern.Texts, StringComparer.OrdinalIgnoreCase));
                    if (same < 0)
                    {
                        same = Array.FindIndex(Patterns, held => held.Form.Weight < pattern.Weight) is >= 0 and var place ? place : Patterns.Length;
                        Patterns = [.. Patterns[..same], (pattern, new Node("")), .. Patterns[same..]];
                    }

                    return Patterns[same].Next;

                default:
                    return Parameter ??= new Node("");
            }
        }
    }
}
