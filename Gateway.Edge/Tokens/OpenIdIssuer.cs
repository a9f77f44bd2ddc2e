using Gateway.Policies.Execution;

namespace Gateway.Edge.Tokens;

/// <summary>One issuer over time. One fetch runs at a time; who comes meanwhile waits for it.</summary>
internal sealed class OpenIdIssuer
{
    private readonly Lock _lock = new();
    private volatile OpenIdDescription? _description;
    private Task<TokenIssuer?>? _pending;
    private long _started;

    /// <summary>What is known; null before the first fetch that succeeded.</summary>
    public TokenIssuer? Current => _description?.Issuer;

    /// <summary>When it was asked for last, by the clock's own count.</summary>
    public long Asked { get; set; }

    /// <summary>When it was fetched last, by the clock's own count.</summary>
    public long Fetched { get; private set; }

    /// <summary>True when no fetch has begun for this time.</summary>
    public bool IsDue(TimeProvider time, TimeSpan period)
    {
        lock (_lock)
        {
            return _pending is null && (_started == 0 || time.GetElapsedTime(_started) >= period);
        }
    }

    /// <summary>What the running fetch will give; what is known when none runs.</summary>
    public ValueTask<TokenIssuer?> PendingAsync()
    {
        lock (_lock)
        {
            return _pending is null ? new(Current) : new(_pending);
        }
    }

    /// <summary>Fetches, unless a fetch runs.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="fetch">Gives null when it failed.</param>
    /// <returns>What is known then.</returns>
    public ValueTask<TokenIssuer?> RunAsync(TimeProvider time, Func<Task<OpenIdDescription?>> fetch)
    {
        lock (_lock)
        {
            if (_pending is null)
            {
                _started = Math.Max(1, time.GetTimestamp());
                // Not on the thread of the request, which need not outlive it.
                var run = Task.Run(() => FetchAsync(time, fetch));
                _pending = run.IsCompleted ? null : run;
                return new(run);
            }

            return new(_pending);
        }
    }

    private async Task<TokenIssuer?> FetchAsync(TimeProvider time, Func<Task<OpenIdDescription?>> fetch)
    {
        try
        {
            if (await fetch() is { } fetched)
            {
                Fetched = time.GetTimestamp();
                var before = _description;
                if (before is null || !before.IsSame(fetched))
                {
                    _description = fetched;
                    before?.Issuer.End();
                }
            }

            return Current;
        }
        finally
        {
            lock (_lock)
            {
                _pending = null;
            }
        }
    }
}

/// <summary>What was fetched of an issuer.</summary>
/// <param name="Issuer">What it means.</param>
/// <param name="Keys">The text of its keys.</param>
internal sealed record OpenIdDescription(TokenIssuer Issuer, string Keys)
{
    /// <summary>True when nothing has changed.</summary>
    public bool IsSame(OpenIdDescription other) => Issuer.Name == other.Issuer.Name && Keys == other.Keys;
}
