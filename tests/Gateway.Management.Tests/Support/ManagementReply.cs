using System.Text.Json.Nodes;

namespace Gateway.Management.Tests.Support;

/// <summary>An answer with its body read.</summary>
public sealed class ManagementReply(HttpResponseMessage response, string text)
{
    public int Status { get; } = (int)response.StatusCode;

    public string Text { get; } = text;

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? ETag { get; } = response.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : null;

    public string? Code => (string?)Json["error"]?["code"];

    public string? Header(string name) =>
        _headers.TryGetValue(name, out var value) ? value : null;

    private readonly Dictionary<string, string> _headers = response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<JsonObject> Details => [.. Json["error"]!["details"]!.AsArray().Select(detail => detail!.AsObject())];

    public override string ToString() => $"{Status} {Text}";
}
