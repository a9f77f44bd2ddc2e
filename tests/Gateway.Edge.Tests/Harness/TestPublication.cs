using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Tests.Harness;

/// <summary>Makes publications as the feed hands them over.</summary>
internal sealed record TestPublication
{
    public long Number { get; init; } = 1;

    public ServiceChunk Service { get; init; } = new() { ServiceName = "gateway" };

    public IReadOnlyList<ApiChunk> Apis { get; init; } = [];

    public IReadOnlyList<ProgramChunk> Programs { get; init; } = [];

    public IReadOnlyList<SubscriptionEntry> Subscriptions { get; init; } = [];

    public PublicationContent Build() => new()
    {
        Manifest = new Manifest
        {
            Lineage = "test",
            Number = Number,
            Gateway = "managed",
            CatalogVersion = Number,
            CreatedAt = DateTimeOffset.UnixEpoch,
            Chunks = [],
        },
        Service = Chunk("service", Service),
        ExpressionAbi = Programs.Count == 0 ? null : Programs[0].Abi,
        Pages = Pages(
            [.. Programs.Select(program => Chunk(ProgramChunk.Id(program.Key, program.Abi), program))],
            [.. Apis.Select(api => Chunk(api.Id, api))],
            [.. Subscriptions.GroupBy(Bucket).Select(bucket => Chunk(IndexPage.Id(bucket.Key), new SubscriptionsChunk { Subscriptions = [.. bucket] }))]),
    };

    private static ContentPage[] Pages(DecodedChunk<ProgramChunk>[] programs, DecodedChunk<ApiChunk>[] apis, DecodedChunk<SubscriptionsChunk>[] subscriptions)
    {
        var apisByPage = apis.ToLookup(api => IndexPage.Of(ChunkKind.Api, api.Id));
        var subscriptionsByPage = subscriptions.ToLookup(bucket => IndexPage.Of(ChunkKind.Subscriptions, bucket.Id));
        var programsByPage = programs.ToLookup(program => IndexPage.Of(ChunkKind.Program, program.Id));
        return [.. Enumerable.Range(0, IndexPage.Count).Select(number => new ContentPage
        {
            Name = string.Join(' ', apisByPage[number].Select(api => api.Name).Concat(subscriptionsByPage[number].Select(bucket => bucket.Name)).Concat(programsByPage[number].Select(program => program.Name))),
            Programs = [.. programsByPage[number].OrderBy(program => program.Id, StringComparer.Ordinal)],
            Apis = [.. apisByPage[number].OrderBy(api => api.Id, StringComparer.Ordinal)],
            Subscriptions = [.. subscriptionsByPage[number].OrderBy(bucket => bucket.Id, StringComparer.Ordinal)],
        })];
    }

    public static ApiChunk Api(string path, string? serviceUrl, params OperationEntry[] operations) => new()
    {
        Id = path.Length == 0 ? "root" : path.Replace('/', '-'),
        DisplayName = path,
        Path = path,
        Protocols = ["http", "https"],
        ServiceUrl = serviceUrl,
        SubscriptionRequired = false,
        Operations = operations.Length > 0 ? operations : [Operation("*", "/*")],
    };

    public static OperationEntry Operation(string method, string template, string? policy = null) => new()
    {
        Id = $"{method} {template}",
        DisplayName = template,
        Method = method,
        UrlTemplate = template,
        Policy = policy,
    };

    public static SubscriptionEntry Subscription(string id, string scope) => new()
    {
        Id = id,
        DisplayName = id,
        Scope = scope,
        PrimaryKeyHash = HashOf($"{id}-1"),
        SecondaryKeyHash = HashOf($"{id}-2"),
    };

    public static string HashOf(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static int Bucket(SubscriptionEntry entry) => Encoding.UTF8.GetBytes(entry.Id).Sum(b => b) % 64;

    private static DecodedChunk<T> Chunk<T>(string id, T value) =>
        new(id, Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(value))), value);
}
