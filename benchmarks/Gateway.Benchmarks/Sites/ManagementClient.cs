using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Gateway.Benchmarks.Sites;

/// <summary>The management API of a silo.</summary>
internal sealed class ManagementClient(HttpMessageInvoker http, Uri address, string token)
{
    private const int MostTries = 20;
    private const string Service = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/gateway";

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Writes resources as one change set.</summary>
    public Task ApplyAsync(IEnumerable<(string Id, JsonObject Properties)> resources, CancellationToken cancellationToken)
    {
        var changes = resources.Select(resource => (JsonNode)new JsonObject
        {
            ["op"] = "put",
            ["id"] = resource.Id,
            ["properties"] = resource.Properties,
        });
        return SendAsync(HttpMethod.Post, "/changes", new JsonObject { ["changes"] = new JsonArray([.. changes]) }, cancellationToken);
    }

    /// <summary>Writes one resource.</summary>
    public Task PutAsync(string id, JsonObject properties, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, id, new JsonObject { ["properties"] = properties }, cancellationToken);

    // A silo that has no answer in time is asked again: what it has written all the same is unchanged then.
    private async Task SendAsync(HttpMethod method, string path, JsonObject body, CancellationToken cancellationToken)
    {
        for (var tries = 1; !await TrySendAsync(method, path, body, isLast: tries == MostTries, cancellationToken); tries++)
        {
            await Task.Delay(_pause, cancellationToken);
        }
    }

    private async Task<bool> TrySendAsync(HttpMethod method, string path, JsonObject body, bool isLast, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, new Uri(address, $"{Service}{path}?api-version=2024-05-01"))
        {
            Content = JsonContent.Create(body),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        using var response = await http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.ServiceUnavailable && !isLast))
        {
            return response.IsSuccessStatusCode;
        }

        throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }
}
