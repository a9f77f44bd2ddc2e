using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>What each edge said with its last poll. Bounded; an edge that was not heard from for a while is forgotten.</summary>
internal sealed class FeedTable(TimeProvider time)
{
    /// <summary>Edges at most.</summary>
    public const int Maximum = 4096;

    private const int MaximumReason = 1000;
    private const int MaximumLabels = 64;

    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan _live = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, FeedStatus> _byNode = new(StringComparer.Ordinal);

    /// <summary>The edges heard from lately, by name.</summary>
    public FeedStatus[] All()
    {
        Forget();
        return [.. _byNode.Values.OrderBy(feed => feed.Position.Node, StringComparer.Ordinal)];
    }

    /// <summary>Notes a poll.</summary>
    public void Note(FeedPosition position)
    {
        if (_byNode.Count >= Maximum && !_byNode.ContainsKey(position.Node))
        {
            Forget();
            if (_byNode.Count >= Maximum)
            {
                _byNode.Remove(_byNode.Values.MinBy(feed => feed.LastPoll)!.Position.Node);
            }
        }

        var because = position.RejectedBecause is { Length: > MaximumReason } longer ? longer[..MaximumReason] : position.RejectedBecause;
        var now = time.GetUtcNow();
        var since = _byNode.GetValueOrDefault(position.Node) is { } before && before.Position.Running == position.Running ? before.RunningSince : now;
        _byNode[position.Node] = new FeedStatus(position with { RejectedBecause = because, Labels = position.Labels.Count <= MaximumLabels ? position.Labels : [] }, now) { RunningSince = since };
    }

    /// <summary>For how long the slowest edge that still polls has not run what it is to run.</summary>
    /// <param name="due">The publication that an edge is to run.</param>
    public TimeSpan Lag(Func<FeedPosition, Manifest> due)
    {
        var now = time.GetUtcNow();
        return _byNode.Values.Where(feed => now - feed.LastPoll < _live).Select(feed => due(feed.Position) is var manifest && feed.Position.Running != manifest.Id ? now - manifest.CreatedAt : TimeSpan.Zero)
            .DefaultIfEmpty().Max();
    }

    private void Forget()
    {
        var now = time.GetUtcNow();
        foreach (var feed in _byNode.Values.Where(feed => now - feed.LastPoll >= _memory).ToArray())
        {
            _byNode.Remove(feed.Position.Node);
        }
    }
}
