using Gateway.Contracts.Caching;

namespace Gateway.Grains.Caching;

/// <summary>What the edges of a site last said of the responses that they look for most.</summary>
internal sealed class HotBoard(TimeProvider time)
{
    /// <summary>Edges that are listened to.</summary>
    public const int MaximumNodes = 1000;

    /// <summary>What an edge said counts for so long.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, (CacheUse Use, long Heard)> _nodes = new(StringComparer.Ordinal);

    /// <summary>Takes what an edge says, in the place of what it said before.</summary>
    public void Hear(CacheUse use)
    {
        Forget();
        if (use.Responses.Length <= CacheUse.MaximumResponses && (_nodes.Count < MaximumNodes || _nodes.ContainsKey(use.Node)))
        {
            _nodes[use.Node] = (use, time.GetTimestamp());
        }
    }

    /// <summary>The responses that all edges together look for most.</summary>
    /// <param name="most">How many at most.</param>
    public HotResponse[] Hottest(int most)
    {
        Forget();
        return
        [
            .. _nodes.Values.SelectMany(node => node.Use.Responses)
                .GroupBy(response => response.Entry, (_, same) => same.Aggregate(Add))
                .OrderByDescending(response => response.RequestsPerSecond)
                .Take(most),
        ];
    }

    private static HotResponse Add(HotResponse one, HotResponse other) =>
        one with { RequestsPerSecond = one.RequestsPerSecond + other.RequestsPerSecond, HitsPerSecond = one.HitsPerSecond + other.HitsPerSecond };

    private void Forget()
    {
        foreach (var (node, _) in _nodes.Where(node => time.GetElapsedTime(node.Value.Heard) > Life).ToArray())
        {
            _nodes.Remove(node);
        }
    }
}
