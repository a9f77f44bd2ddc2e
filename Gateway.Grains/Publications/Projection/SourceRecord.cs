using System.Text.Json.Nodes;

namespace Gateway.Grains.Publications.Projection;

/// <summary>One resource as the projection takes it in.</summary>
/// <param name="Id">The path below the service.</param>
/// <param name="Properties">The properties with the values of secret ones; null when the resource is gone.</param>
internal sealed record SourceRecord(string Id, JsonObject? Properties);
