using Gateway.Contracts.Federation;

namespace Gateway.Grains.Federation;

/// <inheritdoc cref="ISiteEventsGrain" />
internal sealed class SiteEventsGrain : Grain, ISiteEventsGrain
{
    private readonly Queue<SiteEventEntry> _events = new();

    /// <inheritdoc />
    public Task Add(SiteEventEntry[] events)
    {
        foreach (var happened in events)
        {
            _events.Enqueue(happened);
            if (_events.Count > SiteEvents.Maximum)
            {
                _events.Dequeue();
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<SiteEventEntry[]> Latest(CancellationToken cancellationToken) => Task.FromResult(_events.Reverse().ToArray());
}
