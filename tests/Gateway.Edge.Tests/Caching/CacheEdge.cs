using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Caching;

/// <summary>A gateway whose one API, at <c>/a</c>, caches what a backend answers.</summary>
internal static class CacheEdge
{
    public const string Attributes = "vary-by-developer=\"false\" vary-by-developer-groups=\"false\"";
    public const string Lookup = $"<cache-lookup {Attributes} />";
    public const string Store = "<cache-store duration=\"60\" />";

    public static Task<TestGateway> StartAsync(
        OriginServer origin, string inbound = Lookup, string outbound = Store, string? toBackend = null, string? onError = null, EdgeOptions? options = null, TimeProvider? time = null,
        Func<TestPublication, TestPublication>? change = null, RegionSource? regions = null)
    {
        var policy = CompiledPolicy.OfSections(inbound, toBackend, outbound, onError);
        var publication = new TestPublication { Programs = policy.Programs, Apis = [TestPublication.Api("a", origin.Url) with { Policy = policy.Tree }] };
        return TestGateway.StartAsync(change?.Invoke(publication) ?? publication, options, time: time, regions: regions);
    }
}
