using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Scale;

/// <summary>A large catalog: APIs with ten operations and a document each, of few distinct documents and expressions, and many subscriptions.</summary>
internal static class ScaleCatalog
{
    public const int Documents = 300;
    public const int Expressions = 500;

    private const int Operations = 10;

    /// <summary>All of its resources.</summary>
    public static IEnumerable<(string Id, JsonObject Properties)> Resources(int apis, int subscriptions) =>
        Enumerable.Range(0, apis).SelectMany(Api).Concat(Enumerable.Range(0, subscriptions).Select(number => Subscription(number, apis)));

    /// <summary>The document of an API. Those of equal numbers modulo <see cref="Documents"/> are equal, unless a value is given.</summary>
    public static JsonObject Policy(int api, string? value = null)
    {
        var document = api % Documents;
        int[] expressions = document < Expressions - Documents ? [document, Documents + document] : [document];
        var headers = string.Concat(expressions.Select(number =>
            $"""<set-header name="x-computed-{number}" exists-action="override"><value>@("e{number}-" + (context.Request.Url.Path.Length * {number}).ToString())</value></set-header>"""));
        return new JsonObject
        {
            ["format"] = "rawxml",
            ["value"] = $"""
                <policies>
                  <inbound>
                    <base />
                    {headers}
                    <return-response>
                      <set-status code="200" reason="OK" />
                      <set-header name="x-value" exists-action="override"><value>{value ?? $"v{document}"}</value></set-header>
                    </return-response>
                  </inbound>
                  <backend><base /></backend>
                  <outbound><base /></outbound>
                  <on-error><base /></on-error>
                </policies>
                """,
        };
    }

    private static IEnumerable<(string Id, JsonObject Properties)> Api(int number)
    {
        var id = $"/apis/api-{number}";
        yield return (id, new JsonObject
        {
            ["displayName"] = $"API {number}",
            ["path"] = $"team-{number % 50}/api-{number}",
            ["protocols"] = new JsonArray("http", "https"),
            ["serviceUrl"] = "http://127.0.0.1:9",
            ["subscriptionRequired"] = number % 2 == 1,
        });
        for (var i = 0; i < Operations; i++)
        {
            yield return ($"{id}/operations/op-{i}", new JsonObject { ["displayName"] = $"op {i}", ["method"] = "GET", ["urlTemplate"] = $"/op-{i}" });
        }

        yield return ($"{id}/policies/policy", Policy(number));
    }

    private static (string Id, JsonObject Properties) Subscription(int number, int apis) => ($"/subscriptions/subscription-{number}", new JsonObject
    {
        ["displayName"] = $"subscription {number}",
        ["scope"] = $"/apis/api-{number % apis}",
        ["primaryKey"] = $"primary-{number:D8}",
        ["secondaryKey"] = $"secondary-{number:D8}",
    });
}
