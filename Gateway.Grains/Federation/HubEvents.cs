using Gateway.Contracts.Federation;

namespace Gateway.Grains.Federation;

/// <summary>What happened since the hub was last told; the oldest are dropped when there are too many. Safe to use from many threads.</summary>
internal sealed class HubEvents(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long At, SiteEventKind Kind, string Text)> _untold = new();

    /// <summary>Notes what happened now.</summary>
    public void Add(SiteEventKind kind, string text)
    {
        lock (_lock)
        {
            _untold.Enqueue((time.GetTimestamp(), kind, text));
            if (_untold.Count > SiteEvents.Maximum)
            {
                _untold.Dequeue();
            }
        }
    }

    /// <summary>What to tell, oldest first.</summary>
    public SiteEvent[] Untold()
    {
        lock (_lock)
        {
            return [.. _untold.Select(happened => new SiteEvent(time.GetElapsedTime(happened.At).TotalSeconds, happened.Kind, happened.Text))];
        }
    }

    /// <summary>The hub knows so many of the oldest.</summary>
    public void Told(int count)
    {
        lock (_lock)
        {
            for (var told = 0; told < count && _untold.Count > 0; told++)
            {
                _untold.Dequeue();
            }
        }
    }
}
