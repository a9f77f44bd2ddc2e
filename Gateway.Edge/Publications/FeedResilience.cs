using Polly;
using Polly.Retry;

namespace Gateway.Edge.Publications;

/// <summary>How the feed goes on when silos do not answer: for ever, with pauses that grow to a bound and never fall in step.</summary>
internal static class FeedResilience
{
    /// <summary>The pipeline around each poll.</summary>
    /// <param name="options">The pauses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="onFailure">Told before each pause.</param>
    public static ResiliencePipeline Build(PublicationFeedOptions options, TimeProvider time, Func<Exception, CancellationToken, ValueTask> onFailure) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(failure => failure is not OperationCanceledException),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaximumRetryDelay,
                OnRetry = failed => onFailure(failed.Outcome.Exception!, failed.Context.CancellationToken),
            })
            .AddTimeout(options.PollTimeout)
            .Build();
}
