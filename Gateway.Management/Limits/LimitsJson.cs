using System.Text.Json;
using Gateway.Contracts.Counters;
using Gateway.Management.Errors;

namespace Gateway.Management.Limits;

/// <summary>What limits do, as JSON.</summary>
internal static class LimitsJson
{
    /// <summary>The whole report.</summary>
    public static Answer Report(LimitsReport report) => Answer.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value");
        foreach (var limit in report.Limits)
        {
            Write(writer, limit);
        }

        writer.WriteEndArray();
        writer.WriteNumber("count", report.Count);
        WriteSite(writer, report);
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, LimitView limit)
    {
        writer.WriteStartObject();
        writer.WriteString("name", limit.Counter.ToString());
        writer.WriteStartObject("properties");
        var isQuota = limit.Definition.Quota is not null;
        writer.WriteString("kind", limit.Title?.Kind ?? (isQuota ? "quota" : "rate-limit"));
        writer.WriteString("key", limit.Title?.Key);
        writer.WriteString("gateway", limit.Title?.Gateway);
        writer.WriteNumber("limit", limit.Definition.Limit);
        WritePeriod(writer, limit);
        writer.WriteNumber("used", limit.Used);
        writer.WriteNumber("lent", limit.Lent);
        writer.WriteNumber("remaining", limit.Remaining);
        writer.WriteStartArray("holders");
        foreach (var holder in limit.Holders)
        {
            WriteHolder(writer, holder);
        }

        writer.WriteEndArray();
        writer.WriteNumber("holderCount", limit.HolderCount);
        writer.WriteNumber("partition", limit.Counter.Partition);
        writer.WriteString("silo", limit.Silo);
        writer.WriteString("mode", Word(limit.Mode));
        WriteNumber(writer, "overAdmitBound", limit.Bound);
        writer.WriteNumber("overAdmitOnStoreLoss", limit.StoreLoss);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WritePeriod(Utf8JsonWriter writer, LimitView limit)
    {
        if (limit.Definition.Quota is not { } quota)
        {
            if (!limit.Definition.IsConcurrency)
            {
                writer.WriteNumber("periodSeconds", limit.Definition.PeriodMilliseconds / 1000);
            }

            return;
        }

        writer.WriteNumber("periodSeconds", quota.Seconds);
        WriteTime(writer, "periodStartTime", limit.Start);
        WriteTime(writer, "periodEndTime", limit.End);
    }

    private static void WriteHolder(Utf8JsonWriter writer, LimitHolder holder)
    {
        writer.WriteStartObject();
        writer.WriteString("name", holder.Node);
        writer.WriteString("life", holder.Edge);
        writer.WriteNumber("held", holder.Held);
        WriteNumber(writer, "spent", holder.Spent);
        writer.WriteEndObject();
    }

    private static void WriteSite(Utf8JsonWriter writer, LimitsReport report)
    {
        writer.WriteStartObject("site");
        writer.WriteStartArray("silos");
        foreach (var silo in report.Silos)
        {
            writer.WriteStartObject();
            writer.WriteString("name", silo.Name);
            writer.WriteString("mode", Word(silo.Mode));
            writer.WriteNumber("partitions", silo.Partitions);
            writer.WriteNumber("lendingPartitions", silo.Lending);
            writer.WriteNumber("counters", silo.Counters);
            writer.WriteNumber("strandedTokens", silo.Stranded);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("silentSilos");
        Array.ForEach(report.SilentSilos, writer.WriteStringValue);
        writer.WriteEndArray();
        writer.WriteStartArray("edges");
        foreach (var edge in report.Edges)
        {
            writer.WriteStartObject();
            writer.WriteString("name", edge.Node);
            writer.WriteString("life", edge.Life);
            writer.WriteString("mode", edge.Mode);
            writer.WriteNumber("waiting", edge.Waiting);
            WriteNumber(writer, "overAdmitBound", edge.Bound);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("silentEdges");
        foreach (var edge in report.SilentEdges)
        {
            writer.WriteStartObject();
            writer.WriteString("name", edge.Node);
            writer.WriteString("life", edge.Life);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("store");
        if (report.Store.AppendOnly is { } appendOnly)
        {
            writer.WriteBoolean("appendOnly", appendOnly);
        }
        else
        {
            writer.WriteNull("appendOnly");
        }

        writer.WriteString("appendFsync", report.Store.AppendFsync);
        writer.WriteBoolean("durable", report.Store.IsDurable);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            writer.WriteString(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string Word(LendingMode mode) => JsonNamingPolicy.CamelCase.ConvertName(mode.ToString());
}
