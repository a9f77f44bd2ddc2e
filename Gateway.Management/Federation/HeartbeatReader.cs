using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Results;

namespace Gateway.Management.Federation;

/// <summary>Reads a site's heartbeat; what it says is shown to operators, so it is bounded.</summary>
internal static class HeartbeatReader
{
    private const int MaximumName = 256;
    private const int MaximumText = 1000;
    private const int MaximumEntries = 64;

    /// <summary>The heartbeat; longer texts and lists than are shown are cut.</summary>
    public static Result<SiteHeartbeat> Read(JsonObject json)
    {
        try
        {
            var heartbeat = json.Deserialize(FederationJson.Default.SiteHeartbeat);
            return heartbeat?.Nodes is null ? Wrong("it has no nodes")
                : heartbeat.Nodes.Length > SiteHeartbeat.MaximumNodes ? Wrong($"it has more than {SiteHeartbeat.MaximumNodes} nodes")
                : heartbeat.Nodes.Any(node => node is null || node.Name is not { Length: > 0 and <= MaximumName } || !Enum.IsDefined(node.Role) || !Enum.IsDefined(node.State))
                ? Wrong($"a node has no name of 1 to {MaximumName} characters, or no known role or state")
                : heartbeat with { Nodes = Array.ConvertAll(heartbeat.Nodes, Bounded), SilentSeconds = heartbeat.SilentSeconds ?? [] };
        }
        catch (JsonException failure)
        {
            return Wrong($"it cannot be read at {failure.Path}");
        }
    }

    private static NodeReport Bounded(NodeReport node) => node with
    {
        Version = Cut(node.Version),
        RejectedBecause = node.RejectedBecause is { } reason ? Cut(reason) : null,
        Labels = (node.Labels ?? []).Take(MaximumEntries).ToDictionary(label => Cut(label.Key), label => Cut(label.Value), StringComparer.Ordinal),
        Remarks = [.. (node.Remarks ?? []).Take(MaximumEntries).Select(Cut)],
        LatencyCounts = [.. (node.LatencyCounts ?? []).Take(MaximumEntries)],
    };

    private static string Cut(string? text) => text is null ? "" : text.Length <= MaximumText ? text : text[..MaximumText];

    private static GatewayError Wrong(string reason) => new(ErrorKind.ValidationError, $"The heartbeat is none: {reason}.") { Target = "body" };
}
