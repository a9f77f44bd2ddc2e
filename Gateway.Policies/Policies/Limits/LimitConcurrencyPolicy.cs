using System.Runtime.CompilerServices;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Pipelines;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// Lets only so many requests at a time run the policies in it, on each edge for itself or over the whole site. One more is answered 429 at once. All
/// statements with the same key count together. A place is free again when the policies in it are through, however they end; with <c>forward-request</c> in it that is when
/// the backend's answer begins.
/// </summary>
public sealed class LimitConcurrencyPolicy : IPolicy<LimitConcurrencyPolicy>
{
    private const string Name = "limit-concurrency";

    private static readonly PolicyException s_refusal = new(
        new LastError { Source = Name, Reason = "ConcurrencyLimitExceeded", Message = "Concurrency limit is exceeded" },
        StatusCodes.Status429TooManyRequests,
        "Concurrency limit is exceeded.");

    private static readonly (string Word, bool IsOverSite)[] s_reaches = [("node", false), ("site", true)];

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>key</c>: which requests count together; required. May be an expression; an empty one fails the request with 500.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>max-count</c>: how many at a time, 1 and up; required.</summary>
    public required int MaxCount { get; init; }

    /// <summary>
    /// <c>across</c>: <c>node</c> counts on each edge for itself, which is the default; <c>site</c> on all edges together. Our extension. Without an answer of a
    /// silo in time the request is refused with 503; one that has a place is aborted when its edge has heard of no silo for some 14 seconds.
    /// </summary>
    public bool IsOverSite { get; init; }

    /// <summary>The policies that it holds.</summary>
    public required StepSequence Steps { get; init; }

    /// <inheritdoc/>
    public static LimitConcurrencyPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var key = read.RequiredSetting("key");
        var most = read.Required("max-count") is null ? null : read.Integer("max-count", 1, int.MaxValue);
        var isOverSite = read.Choice("across", false, s_reaches);
        var steps = parsing.OwnSteps(read);
        read.End();
        return key is null || most is null ? null : new() { Key = key.Value, MaxCount = most.Value, IsOverSite = isOverSite, Steps = steps };
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var key = Key.For(context);
        if (IsOverSite)
        {
            await ExecuteOverSiteAsync(context, key);
            return;
        }

        if (!context.TryEnter(key, MaxCount))
        {
            throw s_refusal;
        }

        try
        {
            await Steps.ExecuteAsync(context);
        }
        finally
        {
            context.Leave(key);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ExecuteOverSiteAsync(PolicyContext context, string key)
    {
        var (verdict, place) = await context.EnterSiteAsync(key, MaxCount);
        if (place is null)
        {
            throw verdict == LimitVerdict.Exceeded ? s_refusal : Undecided(context);
        }

        try
        {
            await Steps.ExecuteAsync(context);
        }
        finally
        {
            place.Leave();
        }
    }

    private static PolicyException Undecided(PolicyContext context)
    {
        context.Http.Response.Headers.RetryAfter = "1";
        return LimitRefusals.Undecided(Name);
    }
}
