using Gateway.Edge.Silos;
using Polly;
using Polly.Retry;

namespace Gateway.Edge.Publications;

/// <summary>How the feed goes on when silos do not answer: for ever, with pauses that grow to a bound and never fall in step.</summary>
internal static class FeedResilience
{
    /// <summary>The pipeline around each poll.</summary>
    /// <param name="options">The pauses.</param>
    /// <param name="time">The clock.</param>
    /// <param name="contact">Ends the first pauses as soon as there is a silo to ask; null when silos can be asked from the start.</param>
    /// <param name="onFailure">Told before each pause.</param>
    public static ResiliencePipeline Build(
        PublicationFeedOptions options, TimeProvider time, FirstContact? contact, Func<Exception, CancellationToken, ValueTask> onFailure)
    {
        var isFresh = contact is not null;
        return new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                // A silo that stops cancels the polls that wait at it: only when this edge stops it is the end.
                ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception is not null && !failed.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaximumRetryDelay,
                DelayGenerator = failed => isFresh ? UntilContactAsync(failed.Context.CancellationToken) : new((TimeSpan?)null),
                OnRetry = failed => onFailure(failed.Outcome.Exception!, failed.Context.CancellationToken),
            })
            .AddTimeout(options.PollTimeout)
            .Build();

        async ValueTask<TimeSpan?> UntilContactAsync(CancellationToken cancellationToken)
        {
            // Contact may have been made while the poll failed that had begun before: the next one comes at once all the same.
            await contact!.WaitAsync(options.MaximumRetryDelay, time, cancellationToken);
            isFresh = !contact.IsMade;
            return TimeSpan.Zero;
        }
    }
}
