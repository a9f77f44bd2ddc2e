using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Gateway.Cli.Management;

/// <summary>Reads the answers of the management API.</summary>
internal static partial class CommitAnswers
{
    /// <summary>The answer to a committed change set.</summary>
    public static CommitAnswer Success(JsonObject body, string? ignored) => new(
        Number(body["version"]) ?? 0,
        [.. Objects(body["changes"]).Select(change => new CommitOutcome(Text(change["id"]) ?? "", Text(change["outcome"]) ?? ""))],
        [],
        ignored);

    /// <summary>An ARM error envelope; the findings are its details, or itself when it has none.</summary>
    public static CommitAnswer Refusal(int status, JsonObject body)
    {
        var error = body["error"] as JsonObject ?? [];
        var details = Objects(error["details"]).Select(Error).ToArray();
        return new CommitAnswer(0, [], details.Length > 0
            ? details
            : [Error(error) with { Message = Text(error["message"]) ?? $"The server answered {status}." }]);
    }

    // A finding inside a change set has a target like `changes[3].properties.path`.
    private static CommitError Error(JsonObject error)
    {
        var target = Text(error["target"]);
        var message = Text(error["message"]) ?? "";
        return target is not null && ChangeTarget().Match(target) is { Success: true } match
            ? new CommitError(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), match.Groups[2].Success ? match.Groups[2].Value : null, message)
            : new CommitError(null, target, message);
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node is JsonArray array ? array.OfType<JsonObject>() : [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static long? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;

    [GeneratedRegex(@"^changes\[([0-9]{1,7})\](?:\.(.+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ChangeTarget();
}
