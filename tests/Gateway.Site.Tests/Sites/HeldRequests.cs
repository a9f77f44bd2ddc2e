namespace Gateway.Site.Tests.Sites;

/// <summary>Requests that a backend keeps for a while: how many there are, and were at the same time.</summary>
internal sealed class HeldRequests
{
    private readonly Lock _gate = new();

    /// <summary>How many are here.</summary>
    public int Now { get; private set; }

    /// <summary>The most that were here at the same time.</summary>
    public int Most { get; private set; }

    /// <summary>Keeps one until its time is over, or its sender is gone.</summary>
    public async Task HoldAsync(TimeSpan time, CancellationToken gone)
    {
        lock (_gate)
        {
            Most = Math.Max(Most, ++Now);
        }

        try
        {
            await Task.Delay(time, gone);
        }
        finally
        {
            lock (_gate)
            {
                Now--;
            }
        }
    }
}
