using System.Globalization;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Limits;

/// <summary>How requests are refused that a limit does not let pass: with the bodies of the reference product, to the byte.</summary>
internal static class LimitRefusals
{
    /// <summary>Nobody who knows has answered in time.</summary>
    public static PolicyException Undecided(string policy) => new(
        new LastError { Source = policy, Reason = "LimitUndecided", Message = "The limit could not be decided in time" },
        StatusCodes.Status503ServiceUnavailable,
        "Service unavailable");

    /// <summary>The limit is reached.</summary>
    /// <param name="rule">The limit.</param>
    /// <param name="seconds">How long; 0 for a quota that is never replenished.</param>
    public static PolicyException Exceeded(LimitRule rule, int seconds) => rule.Kind switch
    {
        LimitKind.CallQuota => Quota(rule, "Out of call volume quota.", seconds),
        LimitKind.BandwidthQuota => Quota(rule, "Out of bandwidth quota.", seconds),
        _ => new(
            new LastError { Source = rule.Policy, Reason = "RateLimitExceeded", Message = "Rate limit is exceeded" },
            StatusCodes.Status429TooManyRequests,
            string.Create(CultureInfo.InvariantCulture, $"Rate limit is exceeded. Try again in {seconds} seconds.")),
    };

    private static PolicyException Quota(LimitRule rule, string sentence, int seconds)
    {
        var message = seconds == 0 ? sentence
            : string.Create(CultureInfo.InvariantCulture, $"{sentence} Quota will be replenished in {TimeSpan.FromSeconds(seconds):c}.");
        return new(new LastError { Source = rule.Policy, Reason = "QuotaExceeded", Message = message }, StatusCodes.Status403Forbidden, message);
    }
}
