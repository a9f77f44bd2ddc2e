using Polly;
using Polly.CircuitBreaker;
using StackExchange.Redis;

namespace Gateway.Edge.Caching;

/// <summary>Keeps a store that is slow or away from slowing requests: each waits a bounded time, and soon none asks.</summary>
internal static class StoreResilience
{
    private const double FailureRatio = 0.5;
    private const int LeastCalls = 4;
    private static readonly TimeSpan LookBack = TimeSpan.FromSeconds(5);

    /// <summary>What stands around each command, which waits a bounded time by itself.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="time">The clock.</param>
    /// <param name="changed">Told whether the store is asked again.</param>
    public static ResiliencePipeline<RedisValue> Build(CacheOptions options, TimeProvider time, Action<bool> changed) =>
        new ResiliencePipelineBuilder<RedisValue> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<RedisValue>
            {
                ShouldHandle = outcome => new(outcome.Outcome.Exception is { } failure && IsTrouble(failure)),
                FailureRatio = FailureRatio,
                MinimumThroughput = LeastCalls,
                SamplingDuration = LookBack,
                BreakDuration = options.StorePause,
                OnOpened = _ => Tell(changed, false),
                OnClosed = _ => Tell(changed, true),
            })
            .Build();

    /// <summary>True for what a store may do at any time.</summary>
    public static bool IsTrouble(Exception failure) =>
        failure is RedisException or TimeoutException or BrokenCircuitException or ObjectDisposedException or OperationCanceledException;

    private static ValueTask Tell(Action<bool> changed, bool isAsked)
    {
        changed(isAsked);
        return ValueTask.CompletedTask;
    }
}
