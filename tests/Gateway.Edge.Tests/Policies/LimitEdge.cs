using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Edge.Tests.Counters;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Documents;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Policies;

/// <summary>
/// An edge over a fake partition, with a clock that a test moves: the product <c>gold</c> with the APIs <c>a</c> (called Shop) and <c>b</c>, and
/// subscriptions <c>s1</c> and <c>s2</c> of it.
/// </summary>
internal sealed class LimitEdge : IAsyncDisposable
{
    public static readonly DateTimeOffset Subscribed = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private LimitEdge(TestBackend backend, TestGateway gateway, FakePartition silo, FakeTimeProvider time) =>
        (Backend, Gateway, Silo, Time) = (backend, gateway, silo, time);

    public TestBackend Backend { get; }

    public TestGateway Gateway { get; }

    public FakePartition Silo { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>What the partition was asked.</summary>
    public IEnumerable<LeaseRequest> Asked => Silo.Calls.SelectMany(call => call.Requests);

    /// <param name="product">Steps of the product's inbound section.</param>
    /// <param name="api">Steps of the inbound section of the API <c>a</c>.</param>
    /// <param name="global">Steps of the global inbound section.</param>
    /// <param name="outbound">Steps of the outbound and on-error sections of the API <c>a</c>.</param>
    /// <param name="needsKey">False: the product is open.</param>
    public static async Task<LimitEdge> StartAsync(string? product = null, string? api = null, string? global = null, string? outbound = null, bool needsKey = true)
    {
        var ofProduct = CompiledPolicy.Of(Document(product, "<base />", null), PolicyScope.Product);
        var ofApi = CompiledPolicy.Of(Document(api, "<base />", outbound));
        var ofService = CompiledPolicy.Of(Document(global, "<forward-request />", null).Replace("<base />", "", StringComparison.Ordinal), PolicyScope.Global);
        var backend = await TestBackend.StartAsync();
        OperationEntry[] operations = [TestPublication.Operation("GET", "/json") with { Id = "read", DisplayName = "Read it" }, TestPublication.Operation("*", "/*")];
        var publication = new TestPublication
        {
            Service = new()
            {
                ServiceName = "gateway",
                Policy = ofService.Tree,
                Products = [new() { Id = "gold", DisplayName = "Gold", Apis = ["a", "b"], Policy = ofProduct.Tree, SubscriptionRequired = needsKey }],
            },
            Apis =
            [
                TestPublication.Api("a", backend.Url, operations) with { DisplayName = "Shop", Policy = ofApi.Tree, SubscriptionRequired = needsKey },
                TestPublication.Api("b", backend.Url, operations) with { SubscriptionRequired = needsKey },
            ],
            Programs = [.. ofProduct.Programs.Concat(ofApi.Programs).Concat(ofService.Programs).DistinctBy(program => program.Key)],
            Subscriptions =
            [
                TestPublication.Subscription("s1", "/products/gold") with { CreatedDate = Subscribed }, TestPublication.Subscription("s2", "/products/gold"),
            ],
        };
        var (silo, time) = (new FakePartition(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        return new(backend, await TestGateway.StartAsync(publication, time: time, counters: silo), silo, time);
    }

    /// <summary>Lends so much of some counters and then says that they are spent; of the others whatever is asked.</summary>
    /// <param name="count">How much.</param>
    /// <param name="isMeant">Which counters; null for all.</param>
    /// <param name="retryAfter">When a spent one is to be asked again, in milliseconds.</param>
    /// <param name="endsIn">How long the period of a quota lasts, in milliseconds.</param>
    public void Lend(long count, Func<LeaseRequest, bool>? isMeant = null, int retryAfter = 41_200, long endsIn = 0)
    {
        var left = count;
        Silo.Word = request =>
        {
            var isCounted = isMeant?.Invoke(request) ?? true;
            var granted = request.Want == 0 && request.Waiting == 0 ? 0 : isCounted ? left : Math.Max(request.Want, request.Waiting);
            left -= isCounted ? granted : 0;
            var isSpent = granted == 0 && request.Waiting > 0;
            return new()
            {
                Granted = granted, ValidForMilliseconds = 600_000, PeriodEndsInMilliseconds = endsIn, ActiveEdges = 1, IsSpent = isSpent,
                Remaining = isCounted ? left : 100, RetryAfterMilliseconds = isSpent ? retryAfter : 0,
            };
        };
    }

    public Task<HttpResponseMessage> GetAsync(string target, string? subscription = "s1", Action<HttpRequestMessage>? change = null) => Gateway.GetAsync(target, request =>
    {
        if (subscription is not null)
        {
            request.Headers.Add("Ocp-Apim-Subscription-Key", $"{subscription}-1");
        }

        change?.Invoke(request);
    });

    public async Task<int> StatusAsync(string target, string? subscription = "s1", Action<HttpRequestMessage>? change = null)
    {
        using var response = await GetAsync(target, subscription, change);
        return (int)response.StatusCode;
    }

    /// <summary>The statuses of calls that these subscriptions make, one after the other.</summary>
    public async Task<string> StatusesAsync(params string[] subscriptions)
    {
        var statuses = new List<int>();
        foreach (var subscription in subscriptions)
        {
            statuses.Add(await StatusAsync("/a/json", subscription));
        }

        return string.Join(' ', statuses);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Backend.DisposeAsync();
    }

    private static string Document(string? inbound, string backend, string? outbound) =>
        $"<policies><inbound><base />{inbound}</inbound><backend>{backend}</backend><outbound><base />{outbound}</outbound><on-error><base />{outbound}</on-error></policies>";
}
