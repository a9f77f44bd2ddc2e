using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;

namespace Gateway.Management.Rollouts;

/// <summary>Rollouts as callers write and read them.</summary>
internal static class RolloutJson
{
    private const int MaximumText = 256;
    private const int MostRequests = 1_000_000;
    private const int DefaultRequests = 20;

    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longest = TimeSpan.FromDays(1);

    /// <summary>The rule in a body.</summary>
    public static Result<RolloutRule> ReadRule(JsonObject body)
    {
        if (body["properties"] is not JsonObject properties)
        {
            return new GatewayError(ErrorKind.ValidationError, "'properties' is required, an object with 'label', 'value', 'maximumErrorRate' and 'watch'.") { Target = "properties" };
        }

        var errors = new List<GatewayError>();
        var rule = new RolloutRule
        {
            Label = Text(properties, "label", errors),
            Value = Text(properties, "value", errors),
            MaximumErrorRate = (double)(Number(properties, "maximumErrorRate", 0, 1, "a number from 0 to 1", errors) ?? Missing("maximumErrorRate", errors)),
            Watch = Period(properties, "watch", errors),
            MinimumRequests = (int)(Number(properties, "minimumRequests", 1, MostRequests, $"a whole number from 1 to {MostRequests}", errors) ?? DefaultRequests),
        };
        return errors.Count > 0 ? errors.ToArray() : rule;
    }

    /// <summary>A rule and how it stands.</summary>
    public static void Write(Utf8JsonWriter writer, RolloutStanding standing, RolloutRule rule)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("properties");
        writer.WriteString("label", rule.Label);
        writer.WriteString("value", rule.Value);
        writer.WriteNumber("maximumErrorRate", rule.MaximumErrorRate);
        writer.WriteString("watch", XmlConvert.ToString(rule.Watch));
        writer.WriteNumber("minimumRequests", rule.MinimumRequests);
        Write(writer, "promoted", standing.Promoted);
        Write(writer, "staged", standing.Staged);
        writer.WriteStartArray("nodes");
        foreach (var node in standing.Nodes)
        {
            writer.WriteStringValue(node);
        }

        writer.WriteEndArray();
        writer.WriteNumber("requests", standing.Requests);
        writer.WriteNumber("errors", standing.Errors);
        if (standing.TakenBack is { } sentence)
        {
            writer.WriteString("takenBack", sentence);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, string name, PublicationId? publication)
    {
        if (publication is { } id)
        {
            writer.WriteStartObject(name);
            writer.WriteString("lineage", id.Lineage);
            writer.WriteNumber("number", id.Number);
            writer.WriteEndObject();
        }
    }

    private static string Text(JsonObject properties, string name, List<GatewayError> errors)
    {
        if (properties[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= MaximumText)
        {
            return text;
        }

        errors.Add(Wrong(name, $"a text of 1 to {MaximumText} characters"));
        return "";
    }

    private static decimal? Number(JsonObject properties, string name, decimal least, decimal most, string expected, List<GatewayError> errors)
    {
        if (properties[name] is not { } node)
        {
            return null;
        }

        if (node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most && (most <= 1 || number == decimal.Truncate(number)))
        {
            return number;
        }

        errors.Add(Wrong(name, expected));
        return least;
    }

    private static decimal Missing(string name, List<GatewayError> errors)
    {
        errors.Add(new GatewayError(ErrorKind.ValidationError, $"'{name}' is required.") { Target = $"properties.{name}" });
        return 0;
    }

    private static TimeSpan Period(JsonObject properties, string name, List<GatewayError> errors)
    {
        try
        {
            if (properties[name] is JsonValue value && value.TryGetValue<string>(out var text) && XmlConvert.ToTimeSpan(text) is var period && period >= _shortest && period <= _longest)
            {
                return period;
            }
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            // Said below, like one that is too short or too long.
        }

        errors.Add(Wrong(name, "an ISO 8601 duration of 1 second to 1 day, such as PT5M"));
        return TimeSpan.Zero;
    }

    private static GatewayError Wrong(string name, string expected) => new(ErrorKind.ValidationError, $"'{name}' must be {expected}.") { Target = $"properties.{name}" };
}
