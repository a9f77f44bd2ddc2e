using Gateway.Edge.Models;

namespace Gateway.Edge.Matching;

/// <summary>Something found by one segment of a path.</summary>
internal interface ISegmentNode
{
    /// <summary>The segment, decoded.</summary>
    string Segment { get; }
}

/// <summary>Compares path segments: case does not count.</summary>
internal readonly ref struct SegmentProbe<TNode>(ReadOnlySpan<char> segment) : IHashProbe<TNode> where TNode : ISegmentNode
{
    private readonly ReadOnlySpan<char> _segment = segment;

    /// <inheritdoc />
    public bool Matches(TNode entry) => _segment.Equals(entry.Segment, StringComparison.OrdinalIgnoreCase);
}
