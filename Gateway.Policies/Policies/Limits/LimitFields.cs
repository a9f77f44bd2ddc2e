using System.Globalization;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// The fields <c>RateLimit-Policy</c> and <c>RateLimit</c> of the IETF's draft: <c>"name";q=100;w=60</c> says what the limit allows,
/// <c>"name";r=50;t=30</c> what is left of it and for how many seconds. The name is the policy element's <c>id</c>, else the policy's. Several limits of
/// one request are each an entry.
/// </summary>
/// <param name="Name">How the limit is called.</param>
public sealed record LimitFields(string Name)
{
    private const string PolicyField = "RateLimit-Policy";
    private const string LimitField = "RateLimit";
    private const int BytesInKilobyte = 1024;

    internal static LimitFields? Parse(ElementReader read) =>
        read.Choice("rate-limit-headers", false, [("none", false), ("ietf", true)]) ? new(IsName(read.Id) ? read.Id! : read.Name) : null;

    /// <summary>Adds an entry to both fields.</summary>
    internal void AddTo(IHeaderDictionary headers, in LimitDecision decision, LimitRule rule)
    {
        var (unit, scale) = rule.Kind == LimitKind.BandwidthQuota ? (";qu=\"content-bytes\"", (long)BytesInKilobyte) : ("", 1L);
        var window = rule.PeriodSeconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $";w={rule.PeriodSeconds}");
        Add(headers, PolicyField, string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";q={rule.Calls * scale}{unit}{window}"));

        var seconds = decision.RetryAfterSeconds > 0 ? decision.RetryAfterSeconds
            : decision.ResetAfterSeconds > 0 ? decision.ResetAfterSeconds
            : rule.PeriodSeconds;
        var time = seconds == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $";t={seconds}");
        Add(headers, LimitField, string.Create(CultureInfo.InvariantCulture, $"\"{Name}\";r={decision.Remaining * scale}{time}"));
    }

    private static void Add(IHeaderDictionary headers, string field, string entry)
    {
        var before = headers[field];
        headers[field] = before.Count == 0 ? entry : $"{before}, {entry}";
    }

    private static bool IsName(string? id) => id is { Length: > 0 and <= 100 } && id.All(c => c is >= ' ' and <= '~' and not ('"' or '\\'));
}
