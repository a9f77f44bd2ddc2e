using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>A place that one request has.</summary>
internal sealed class Place(PlaceCounter counter, HttpContext http) : ILimitPlace
{
    /// <inheritdoc />
    public void Leave() => counter.Partition.Leave(counter, this);

    /// <summary>Another edge may have the place from now on: the request ends here.</summary>
    public void Lose() => http.Abort();
}

/// <summary>A request that waits for a place.</summary>
internal sealed class PlaceWaiter(HttpContext http, int most, long until) : TaskCompletionSource<PlaceDecision>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>The request.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>How many may run at the same time.</summary>
    public int Most { get; } = most;

    /// <summary>When it stops waiting.</summary>
    public long Until { get; } = until;
}
