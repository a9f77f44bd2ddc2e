using System.Text.Json.Nodes;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Tests.Publications.Projection;

/// <summary>Resources as the projection reads them.</summary>
internal static class Records
{
    public static CatalogContent Put(string id, string json) => new(id, 1, JsonNode.Parse(json)!.AsObject());

    public static CatalogContent Gone(string id) => new(id, 0, null);

    public static CatalogContent[] Api(string id, string? displayName = null, string gateway = "managed") =>
    [
        Put($"/apis/{id}", $$"""{"displayName":"{{displayName ?? id}}","path":"{{id}}","protocols":["https"],"serviceUrl":"https://backend.example"}"""),
        Put($"/apis/{id}/operations/get", """{"displayName":"Get","method":"get","urlTemplate":"/{id}"}"""),
        Put($"/gateways/{gateway}/apis/{id}", "{}"),
    ];

    public static CatalogContent Policy(string scope, string header, string value) =>
        Put($"{scope}/policies/policy", new JsonObject
        {
            ["format"] = "rawxml",
            ["value"] = $"<policies><inbound><base /><set-header name=\"{header}\"><value>{value}</value></set-header></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>",
        }.ToJsonString());

    public static CatalogContent Fragment(string id, string value) =>
        Put($"/policyFragments/{id}", new JsonObject
        {
            ["format"] = "rawxml",
            ["value"] = $"<fragment><set-header name=\"x\"><value>{value}</value></set-header></fragment>",
        }.ToJsonString());

    public static CatalogContent Including(string scope, string fragment) =>
        Put($"{scope}/policies/policy", new JsonObject
        {
            ["format"] = "rawxml",
            ["value"] = $"<policies><inbound><include-fragment fragment-id=\"{fragment}\" /></inbound></policies>",
        }.ToJsonString());

    public static CatalogContent NamedValue(string id, string name, string value) =>
        Put($"/namedValues/{id}", $$"""{"displayName":"{{name}}","value":"{{value}}"}""");

    public static CatalogContent Subscription(string id, string state = "active") =>
        Put($"/subscriptions/{id}", $$"""{"displayName":"{{id}}","scope":"/apis","state":"{{state}}","primaryKey":"{{id}}-1","secondaryKey":"{{id}}-2","createdDate":"2026-01-02T03:04:05.678Z"}""");
}
