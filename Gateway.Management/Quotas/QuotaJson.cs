using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;

namespace Gateway.Management.Quotas;

/// <summary>Counts of quotas as ARM clients write and read them.</summary>
internal static class QuotaJson
{
    private const string NeverEnds = "9999-12-31T23:59:59Z";
    private const long GreatestCount = 1L << 50;

    /// <summary>What a body asks to be set; the key is left out.</summary>
    public static Result<QuotaChange> ReadChange(JsonObject body)
    {
        if (body["properties"] is not JsonObject properties)
        {
            return new GatewayError(ErrorKind.ValidationError, "'properties' is required, an object with 'callsCount', 'kbTransferred' or both.") { Target = "properties" };
        }

        var errors = new List<GatewayError>();
        var calls = Number(properties, "callsCount", isWhole: true, errors);
        var kilobytes = Number(properties, "kbTransferred", isWhole: false, errors);
        if (errors.Count == 0 && calls is null && kilobytes is null)
        {
            errors.Add(new GatewayError(ErrorKind.ValidationError, "One of 'callsCount' and 'kbTransferred' is required.") { Target = "properties" });
        }

        return errors.Count > 0 ? errors.ToArray() : new QuotaChange { Key = "", Calls = calls, Kilobytes = kilobytes };
    }

    /// <summary>All counters of a key: those of calls and of KB with the same period as one.</summary>
    public static Answer Collection(string key, IEnumerable<QuotaCount> counts)
    {
        var periods = counts.GroupBy(count => (count.PeriodKey, count.Start)).OrderBy(period => period.Key.Start).ToArray();
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var period in periods)
            {
                Write(writer, key, [.. period]);
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", periods.Length);
            writer.WriteEndObject();
        });
    }

    /// <summary>The counters of one period.</summary>
    public static Answer One(string key, QuotaCount[] counts) => Answer.Json(200, writer => Write(writer, key, counts));

    private static void Write(Utf8JsonWriter writer, string key, QuotaCount[] counts)
    {
        writer.WriteStartObject();
        writer.WriteString("counterKey", key);
        writer.WriteString("periodKey", counts[0].PeriodKey);
        writer.WriteString("periodStartTime", Text(counts[0].Start));
        writer.WriteString("periodEndTime", counts[0].End is { } end ? Text(end) : NeverEnds);
        writer.WriteStartObject("value");
        writer.WriteNumber("callsCount", Sum(counts, QuotaMeasure.Calls));
        writer.WriteNumber("kbTransferred", Sum(counts, QuotaMeasure.Bandwidth));
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static long Sum(QuotaCount[] counts, QuotaMeasure measure) => counts.Where(count => count.Measure == measure).Sum(count => count.Used);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static long? Number(JsonObject properties, string name, bool isWhole, List<GatewayError> errors)
    {
        if (properties[name] is not { } node)
        {
            return null;
        }

        if (node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= 0 and <= GreatestCount && (!isWhole || number == decimal.Truncate(number)))
        {
            return (long)decimal.Ceiling(number);
        }

        errors.Add(new GatewayError(ErrorKind.ValidationError, $"'{name}' must be a {(isWhole ? "whole " : "")}number from 0 to {GreatestCount}.") { Target = $"properties.{name}" });
        return null;
    }
}
