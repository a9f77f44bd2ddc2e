using System.Text.Json.Nodes;
using System.Xml;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Backends;

/// <summary>The shape of a backend's circuit breaker.</summary>
internal static class CircuitBreakerSchema
{
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    public static ObjectSchema Make() => new()
    {
        Summary = "When the backend is taken out of use for a while, on each edge for itself: requests to it are then answered 503, and pools use other members.",
        ["rules"] = new ListSchema(new ObjectSchema
        {
            Summary = "A rule.",
            ["name"] = new TextSchema { Summary = "Its name.", IsRequired = true, Maximum = 256 },
            ["failureCondition"] = new ObjectSchema
            {
                Summary = "What takes it out of use; count or percentage.",
                IsRequired = true,
                ["count"] = new NumberSchema { Summary = "Failures within the interval, 1 to 10000.", Minimum = 1, Maximum = 10_000 },
                ["percentage"] = new NumberSchema { Summary = "Failures of a hundred requests within the interval, 1 to 100; counted from ten requests on.", Minimum = 1, Maximum = 100 },
                ["interval"] = new TextSchema { Summary = "The time in which failures are counted, as ISO 8601 duration, such as PT1M; 1 s to 1 day.", IsRequired = true, Maximum = 50, Rule = CheckPeriod },
                ["statusCodeRanges"] = new ListSchema(new ObjectSchema
                {
                    Summary = "A range.",
                    ["min"] = new NumberSchema { Summary = "The first status.", IsRequired = true, Minimum = 200, Maximum = 599 },
                    ["max"] = new NumberSchema { Summary = "The last status.", IsRequired = true, Minimum = 200, Maximum = 599 },
                }) { Summary = "The statuses that are failures; no answer at all counts as 500. Without this and errorReasons: 500 to 599.", Maximum = 10 },
                ["errorReasons"] = new ListSchema(new TextSchema { Summary = "A reason, such as Timeout or BackendConnectionFailure.", Maximum = 200 })
                {
                    Summary = "The reasons of requests without an answer that are failures.", Maximum = 10,
                },
            },
            ["tripDuration"] = new TextSchema { Summary = "How long it is out of use, as ISO 8601 duration, such as PT30S; 1 s to 1 day.", IsRequired = true, Maximum = 50, Rule = CheckPeriod },
            ["acceptRetryAfter"] = new FlagSchema { Summary = "True: for as long as its Retry-After says, when it says so.", Default = false },
        }) { Summary = "The rule; one.", IsRequired = true, Maximum = 1 },
    };

    public static void Check(JsonObject properties, ErrorList errors)
    {
        foreach (var rule in properties["circuitBreaker"]?["rules"] as JsonArray ?? [])
        {
            var condition = rule?["failureCondition"];
            if ((condition?["count"] is null) == (condition?["percentage"] is null))
            {
                errors.Add("properties.circuitBreaker.rules[0].failureCondition", "A circuit breaker needs one of count and percentage.");
            }
        }
    }

    private static string? CheckPeriod(string text)
    {
        try
        {
            var period = XmlConvert.ToTimeSpan(text);
            return period >= TimeSpan.FromSeconds(1) && period <= s_longest ? null : "must be a duration of 1 second to 1 day.";
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return "must be an ISO 8601 duration, such as PT30S.";
        }
    }
}
