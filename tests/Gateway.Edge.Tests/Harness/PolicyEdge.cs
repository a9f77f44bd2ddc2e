using System.Text.RegularExpressions;
using Gateway.Edge.Requests;

namespace Gateway.Edge.Tests.Harness;

/// <summary>A gateway whose one API, at <c>/a</c>, has a policy document; <c>{backend}</c> in it is the backend's URL.</summary>
internal static class PolicyEdge
{
    public const string Answer = """<return-response><set-body>@((string)context.Variables["out"])</set-body></return-response>""";

    public static async Task<TestGateway> StartAsync(
        TestBackend backend, string? inbound = null, string? toBackend = null, string? outbound = null, string? onError = null, EdgeOptions? options = null,
        TimeProvider? time = null, Func<TestPublication, TestPublication>? change = null, IReadOnlyList<string>? warnings = null)
    {
        string? At(string? text) => text?.Replace("{backend}", backend.Url, StringComparison.Ordinal);
        var policy = CompiledPolicy.OfSections(At(inbound), At(toBackend), At(outbound), At(onError), warnings ?? []);
        var publication = new TestPublication { Programs = policy.Programs, Apis = [TestPublication.Api("a", backend.Url) with { Policy = policy.Tree }] };
        return await TestGateway.StartAsync(change?.Invoke(publication) ?? publication, options, time: time);
    }

    public static Task NothingIsLeftAsync(this TestGateway gateway) => Eventually.HoldsAsync(
        () => gateway.LiveExchanges == 0 && gateway.Drain.LiveRequests == 0,
        $"nothing is in flight ({gateway.LiveExchanges} exchanges, {gateway.Drain.LiveRequests} requests)");

    /// <summary>The text with ids that differ each time taken out.</summary>
    public static string WithoutIds(string text) => Regex.Replace(text, "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID");
}
