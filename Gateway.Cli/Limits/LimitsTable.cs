using System.Text.Json.Nodes;
using Gateway.Cli.Commands;

namespace Gateway.Cli.Limits;

/// <summary>What limits do, for people.</summary>
internal static class LimitsTable
{
    private const int MostHolders = 3;

    private static readonly string[] _titles = ["KIND", "KEY", "USED", "LENT", "LEFT", "LIMIT", "PERIOD", "HOLDERS", "MODE", "OVER AT MOST"];

    /// <summary>Writes counters as a table, then what holds for all of them.</summary>
    public static async Task WriteAsync(TextWriter writer, JsonObject report)
    {
        var limits = Objects(report["value"]).ToArray();
        if (limits.Length == 0)
        {
            await writer.WriteLineAsync("No limit counts anything now: no request has met a rate limit or quota within its period.");
        }
        else
        {
            await Table.WriteAsync(writer, [_titles, .. limits.Select(Row)]);
            await writer.WriteLineAsync($"{limits.Length} of {Text(report["count"])} counters.");
        }

        foreach (var line in Site(report["site"] as JsonObject ?? []))
        {
            await writer.WriteLineAsync(line);
        }
    }

    private static string[] Row(JsonObject limit)
    {
        var properties = limit["properties"] as JsonObject ?? [];
        return
        [
            Text(properties["kind"]),
            Table.Harmless(properties["key"]?.ToString() ?? Text(limit["name"])),
            Text(properties["used"]),
            Text(properties["lent"]),
            Text(properties["remaining"]),
            Text(properties["limit"]),
            properties["periodSeconds"]?.ToString() is { } seconds ? seconds == "0" ? "ever" : $"{seconds} s" : "-",
            Holders(properties),
            Text(properties["mode"]),
            properties["overAdmitBound"]?.ToString() ?? "unbounded",
        ];
    }

    private static string Holders(JsonObject properties)
    {
        var holders = Objects(properties["holders"]).Take(MostHolders).Select(holder => $"{Name(holder)} ({Text(holder["held"])})").ToArray();
        var more = (properties["holderCount"]?.GetValue<int>() ?? holders.Length) - holders.Length;
        return holders.Length == 0 ? "-" : string.Join(", ", holders) + (more > 0 ? $", {more} more" : "");
    }

    private static IEnumerable<string> Site(JsonObject site)
    {
        foreach (var silo in Objects(site["silos"]))
        {
            var lost = silo["strandedTokens"]?.GetValue<long>() is > 0 and var tokens ? $", {tokens} tokens lost with edges" : "";
            yield return $"Silo {Name(silo)}: {Text(silo["mode"])}, {Text(silo["lendingPartitions"])} of its {Text(silo["partitions"])} partitions lend, {Text(silo["counters"])} counters{lost}.";
        }

        foreach (var silo in (site["silentSilos"] as JsonArray ?? []).Select(Text))
        {
            yield return $"Silo {silo} does not answer: what it holds is not shown.";
        }

        foreach (var edge in Objects(site["edges"]))
        {
            yield return $"Edge {Name(edge)}: {Text(edge["mode"])}, {Text(edge["waiting"])} requests wait.";
        }

        foreach (var edge in Objects(site["silentEdges"]))
        {
            yield return $"Edge {Name(edge)} does not answer: it has stopped, or it is cut off and may let calls pass beyond the limits.";
        }

        yield return Store(site["store"] as JsonObject ?? []);
    }

    private static string Store(JsonObject store) => (store["appendOnly"]?.GetValue<bool>(), store["appendFsync"]?.ToString()) switch
    {
        (false, _) => "State store: not append-only; a crash of it loses the newest changes, quotas among them.",
        (true, "always") => "State store: append-only, on disk before it answers; a crash of it loses nothing.",
        (true, "everysec") => "State store: append-only, on disk every second; a power failure loses about a second, of a quota at most a 20th for each.",
        (true, { } fsync) => $"State store: append-only, appendfsync {fsync}; a power failure loses what the system had not written.",
        (true, null) => "State store: append-only; it does not tell when its log reaches the disk.",
        _ => "State store: it does not tell how it keeps what it acknowledges.",
    };

    private static IEnumerable<JsonObject> Objects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    private static string Name(JsonObject node) => node["name"]?.ToString() ?? Text(node["life"]);

    private static string Text(JsonNode? node) => node?.ToString() ?? "-";
}
