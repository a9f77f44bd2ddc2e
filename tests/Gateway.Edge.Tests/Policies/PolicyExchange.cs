using Gateway.Contracts.Publications;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Documents;

namespace Gateway.Edge.Tests.Policies;

/// <summary>An edge with one API, whose policies a test writes, before a backend: document in, exchange out.</summary>
internal sealed class PolicyExchange : IAsyncDisposable
{
    private PolicyExchange(TestBackend backend, TestGateway gateway) => (Backend, Gateway) = (backend, gateway);

    public TestBackend Backend { get; }

    public TestGateway Gateway { get; }

    public static async Task<PolicyExchange> StartAsync(
        string? inbound = null, string? outbound = null, string? onError = null, EdgeOptions? options = null, TimeProvider? time = null,
        string? global = null, OperationEntry[]? operations = null, bool needsKey = false, SchemaEntry[]? schemas = null,
        IReadOnlyList<string>? warnings = null, SchemaEntry[]? apiSchemas = null, ProgramChunk[]? programs = null, string? owner = null)
    {
        var policy = CompiledPolicy.OfSections(inbound, null, outbound, onError, warnings ?? []);
        var service = global is null ? null : CompiledPolicy.Of(global, PolicyScope.Global);
        var backend = await TestBackend.StartAsync();
        var api = TestPublication.Api("a", backend.Url, operations ?? []) with { Policy = policy.Tree, SubscriptionRequired = needsKey, Schemas = apiSchemas };
        var gateway = await TestGateway.StartAsync(
            new TestPublication
            {
                Apis = [api],
                Service = new() { ServiceName = "gateway", Policy = service?.Tree, Schemas = schemas ?? [] },
                Programs = [.. policy.Programs, .. service?.Programs ?? [], .. programs ?? []],
                Subscriptions = [TestPublication.Subscription("me", "/apis") with { OwnerId = owner }],
            },
            options,
            time: time);
        return new(backend, gateway);
    }

    /// <summary>Sends a request and gives status and body in one line.</summary>
    public async Task<string> AnswerAsync(string target, Action<HttpRequestMessage>? change = null, HttpMethod? method = null)
    {
        using var response = await Gateway.SendAsync(method ?? HttpMethod.Get, target, change);
        return $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}";
    }

    public async ValueTask DisposeAsync()
    {
        await Eventually.HoldsAsync(
            () => Gateway.LiveExchanges == 0 && Gateway.Drain.LiveRequests == 0,
            $"nothing is in flight ({Gateway.LiveExchanges} exchanges, {Gateway.Drain.LiveRequests} requests)");
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
