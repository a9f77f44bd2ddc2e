using System.Text.Json.Nodes;

namespace Gateway.Grains.Publications.Projection;

/// <summary>A policy document as the operator saved it.</summary>
/// <param name="Text">The document.</param>
/// <param name="IsRaw">True when its expressions stand as typed (<c>rawxml</c>).</param>
internal sealed record DocumentText(string Text, bool IsRaw)
{
    /// <summary>From the properties of a policy; null when there is none.</summary>
    public static DocumentText? Of(JsonObject? properties) =>
        properties?.Text("value") is { } text ? new(text, properties.Text("format") == "rawxml") : null;
}
