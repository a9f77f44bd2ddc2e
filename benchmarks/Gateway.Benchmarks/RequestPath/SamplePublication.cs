using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Edge.Models;
using Gateway.Edge.Publications;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>A publication of many APIs and subscriptions, built as an edge builds it.</summary>
internal static class SamplePublication
{
    public const int Subscriptions = 10_000;

    public static string Key(int number) => $"key-{number:D8}-0123456789abcdef";

    public static PublicationModel Build(int apis)
    {
        var chunks = Enumerable.Range(0, apis).Select(Api).ToList();
        var subscriptions = new SubscriptionsChunk { Subscriptions = [.. Enumerable.Range(0, Subscriptions).Select(Subscription)] };
        var content = new PublicationContent
        {
            Manifest = new Manifest
            {
                Lineage = "benchmark",
                Number = 1,
                Gateway = "managed",
                CatalogVersion = 1,
                CreatedAt = DateTimeOffset.UnixEpoch,
                Chunks = [],
            },
            Service = new DecodedChunk<ServiceChunk>("service", "service", new ServiceChunk { ServiceName = "gateway" }),
            Pages =
            [
                .. Enumerable.Range(0, IndexPage.Count).Select(number => new ContentPage
                {
                    Name = $"page {number}",
                    Apis = [.. chunks.Where(chunk => IndexPage.Of(ChunkKind.Api, chunk.Id) == number).Select(chunk => new DecodedChunk<ApiChunk>(chunk.Id, chunk.Id, chunk))],
                    Subscriptions = number == 0 ? [new DecodedChunk<SubscriptionsChunk>("0", "0", subscriptions)] : [],
                }),
            ],
        };
        var built = PublicationBuilder.Build(content, before: null);
        return built.IsSuccess ? built.Value : throw new InvalidOperationException(string.Join('\n', built.Errors.Select(error => error.Message)));
    }

    private static ApiChunk Api(int number) => new()
    {
        Id = $"api-{number}",
        DisplayName = $"API {number}",
        Path = string.Create(CultureInfo.InvariantCulture, $"team-{number % 20}/api-{number}"),
        Protocols = ["http", "https"],
        ServiceUrl = "http://127.0.0.1:9",
        Operations =
        [
            .. from i in Enumerable.Range(0, 10)
               from method in (string[])["GET", "POST"]
               select new OperationEntry
               {
                   Id = $"{method}-{i}",
                   DisplayName = $"{method} {i}",
                   Method = method,
                   UrlTemplate = i == 0 ? "/files/*" : $"/items-{i}/{{id}}/parts/{{part}}",
               },
        ],
    };

    private static SubscriptionEntry Subscription(int number) => new()
    {
        Id = $"subscription-{number}",
        DisplayName = $"subscription {number}",
        Scope = "/apis",
        PrimaryKeyHash = Hash(Key(number)),
        SecondaryKeyHash = Hash(Key(number) + "-second"),
    };

    private static string Hash(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
