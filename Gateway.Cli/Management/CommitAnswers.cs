using System.Text.Json.Nodes;

namespace Gateway.Cli.Management;

/// <summary>Reads the answers of the management API.</summary>
internal static class CommitAnswers
{
    /// <summary>The answer to a committed change set.</summary>
    public static CommitAnswer Success(JsonObject body) => new(
        Number(body["version"]) ?? 0,
        [.. Objects(body["changes"]).Select(change => new CommitOutcome(Text(change["id"]) ?? "", Text(change["outcome"]) ?? ""))],
        []);

    /// <summary>An ARM error envelope; the findings are its details, or itself when it has none.</summary>
    public static CommitAnswer Refusal(int status, JsonObject body)
    {
        var error = body["error"] as JsonObject ?? [];
        var details = Objects(error["details"]).Select(Error).ToArray();
        return new CommitAnswer(0, [], details.Length > 0
            ? details
            : [Error(error) with { Message = Text(error["message"]) ?? $"The server answered {status}." }]);
    }

    private static CommitError Error(JsonObject error) =>
        new((int?)Number(error["index"]), Text(error["target"]), Text(error["message"]) ?? "");

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node is JsonArray array ? array.OfType<JsonObject>() : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
}
