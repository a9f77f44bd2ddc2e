using Gateway.Contracts.Publications;
using Gateway.Edge.Callers;
using Gateway.Edge.Models;
using Gateway.Edge.Tests.Harness;

namespace Gateway.Edge.Tests.Models;

public sealed class PublicationBuilderTests
{
    [Fact]
    public void Change_of_one_api_rebuilds_that_one_only()
    {
        ApiChunk[] changed = [.. Enumerable.Range(0, 200).Select(n => TestPublication.Api($"api{n:000}", null))];
        var before = Build(new TestPublication { Apis = [.. changed] }, null);
        changed[7] = changed[7] with { Path = "moved/here" };

        var after = Build(new TestPublication { Number = 2, Apis = changed }, before);

        Assert.Same(before.Service, after.Service);
        Assert.NotSame(before.FindApi("api007")!, after.FindApi("api007")!);
        Assert.All(after.AllApis.Where(api => api.Info.Id != "api007"), api => Assert.Same(before.FindApi(api.Info.Id), api));
        Assert.Equal(IndexPage.Count - 1, before.Pages.Zip(after.Pages).Count(page => ReferenceEquals(page.First, page.Second)));
        Assert.Equal("api007", Found(after, "/moved/here/x"));
        Assert.Null(Found(after, "/api007/x"));
        Assert.Equal("api007", Found(before, "/api007/x"));
        Assert.Equal("api150", Found(after, "/api150/x"));
    }

    [Fact]
    public void Removed_and_added_apis_come_and_go()
    {
        var before = Build(new TestPublication { Apis = [TestPublication.Api("a", null), TestPublication.Api("a/b", null)] }, null);

        var after = Build(new TestPublication { Apis = [TestPublication.Api("a", null), TestPublication.Api("c", null)] }, before);

        Assert.Equal("a-b", Found(before, "/a/b/x"));
        Assert.Equal("a", Found(after, "/a/b/x"));
        Assert.Equal("c", Found(after, "/c/x"));
        Assert.Null(Found(Build(new TestPublication(), after), "/a/x"));
    }

    [Fact]
    public void Hosts_of_an_api_come_and_go_and_trees_of_others_stay()
    {
        var (first, second) = (TestPublication.Api("a", null), TestPublication.Api("b", null) with { Hostnames = ["b.example"] });
        var before = Build(new TestPublication { Apis = [first with { Hostnames = ["old.example", "both.example", "*.example"] }, second] }, null);

        var after = Build(new TestPublication { Apis = [first with { Hostnames = ["new.example", "both.example"] }, second] }, before);

        Assert.Equal("a", Found(before, "/a", "old.example"));
        Assert.Equal("a", Found(before, "/a", "any.example"));
        Assert.Null(Found(after, "/a", "old.example"));
        Assert.Null(Found(after, "/a", "any.example"));
        Assert.Equal("a", Found(after, "/a", "both.example"));
        Assert.Equal("a", Found(after, "/a", "new.example"));
        Assert.Same(before.Apis.Exactly("b.example"), after.Apis.Exactly("b.example"));
        Assert.Same(before.Apis.Anywhere, after.Apis.Anywhere);
        Assert.False(Build(new TestPublication { Apis = [first] }, after).Apis.HasHosts);
    }

    [Fact]
    public void Changed_service_part_rebuilds_every_api_with_the_documents_parsed_before()
    {
        var api = TestPublication.Api("a", null, TestPublication.Operation("GET", "/x", PolicyXml.Inbound("<set-header name=\"A\"><value>1</value></set-header>")));
        var before = Build(new TestPublication { Apis = [api] }, null);

        var after = Build(
            new TestPublication { Apis = [api], Service = new ServiceChunk { ServiceName = "gateway", Policy = PolicyXml.Inbound("<set-header name=\"B\"><value>1</value></set-header>") } },
            before);

        Assert.NotSame(before.FindApi("a")!, after.FindApi("a")!);
        Assert.Same(before.FindApi("a")!.Documents.Values.Single(), after.FindApi("a")!.Documents.Values.Single());
    }

    [Fact]
    public void Operations_with_the_same_documents_share_one_pipeline()
    {
        var policy = PolicyXml.Inbound("<set-header name=\"A\"><value>1</value></set-header>");
        var api = TestPublication.Api(
            "a", null, TestPublication.Operation("GET", "/1"), TestPublication.Operation("GET", "/2"),
            TestPublication.Operation("GET", "/3", policy), TestPublication.Operation("GET", "/4", policy));
        var model = Build(new TestPublication { Apis = [api, TestPublication.Api("b", null)] }, null);
        var pipelines = Enumerable.Range(1, 4).Select(n => model.FindApi("a")!.Operations.Find("GET", $"/a/{n}", 2, "")!.Pipeline).ToArray();

        Assert.Same(pipelines[0], pipelines[1]);
        Assert.Same(pipelines[2], pipelines[3]);
        Assert.NotSame(pipelines[0], pipelines[2]);
        Assert.Same(pipelines[0], model.FindApi("b")!.Pipeline);
    }

    [Fact]
    public void Part_that_cannot_be_built_is_named_and_the_model_in_force_stays()
    {
        var holder = new PublicationHolder();
        var good = new TestPublication { Apis = [TestPublication.Api("a", null)] };
        Assert.True(holder.ApplyAsync(good.Build(), CancellationToken.None).AsTask().IsCompletedSuccessfully);
        var inForce = holder.Current;
        var bad = good with
        {
            Apis = [TestPublication.Api("a", null), TestPublication.Api("b", null, TestPublication.Operation("GET", "/{x")), TestPublication.Api("c", null) with { Policy = "no tree" }],
        };

        var built = PublicationBuilder.Build(bad.Build(), inForce);

        Assert.False(built.IsSuccess);
        Assert.Collection(
            built.Errors.OrderBy(error => error.Message, StringComparer.Ordinal),
            error => Assert.Contains("'b'", error.Message),
            error => Assert.Contains("'c'", error.Message));
        Assert.Same(inForce, holder.Current);
    }

    [Fact]
    public void Keys_come_and_go_with_their_subscriptions()
    {
        var first = Subscriptions("a", "b", "c");
        var before = Build(new TestPublication { Subscriptions = first }, null);
        var changed = TestPublication.Subscription("b", "/apis") with { PrimaryKeyHash = TestPublication.HashOf("new") };

        var after = Build(new TestPublication { Subscriptions = [first[0], changed, .. Subscriptions("d")] }, before);

        Assert.Equal(6, before.Callers.Count);
        Assert.Equal("a", Owner(after, "a-1"));
        Assert.Null(Owner(after, "b-1"));
        Assert.Equal("b", Owner(after, "b-2"));
        Assert.Equal("b", Owner(after, "new"));
        Assert.Null(Owner(after, "c-1"));
        Assert.Equal("d", Owner(after, "d-2"));
        Assert.Equal("b", Owner(before, "b-1"));
        Assert.Equal(0, Build(new TestPublication(), after).Callers.Count);
    }

    [Fact]
    public void Subscriptions_with_the_same_key_do_not_take_it_from_each_other()
    {
        var one = TestPublication.Subscription("one", "/apis") with { PrimaryKeyHash = TestPublication.HashOf("shared") };
        var two = TestPublication.Subscription("two", "/apis") with { PrimaryKeyHash = TestPublication.HashOf("shared") };
        var before = Build(new TestPublication { Subscriptions = [one, two] }, null);

        Assert.Equal("two", Owner(Build(new TestPublication { Subscriptions = [two] }, before), "shared"));
        Assert.Equal("one", Owner(Build(new TestPublication { Subscriptions = [one] }, before), "shared"));
    }

    [Fact]
    public void Many_keys_are_all_found()
    {
        var all = Subscriptions([.. Enumerable.Range(0, 5_000).Select(n => $"s{n}")]);
        var model = Build(new TestPublication { Subscriptions = all }, null);

        Assert.Equal(10_000, model.Callers.Count);
        Assert.All(all, entry => Assert.Equal(entry.Id, Owner(model, $"{entry.Id}-1")));
    }

    private static PublicationModel Build(TestPublication publication, PublicationModel? before)
    {
        var built = PublicationBuilder.Build(publication.Build(), before);
        Assert.True(built.IsSuccess, string.Join('\n', built.Errors.Select(error => error.Message)));
        return built.Value;
    }

    private static string? Found(PublicationModel model, string path, string host = "gateway.example") =>
        Edge.Matching.RequestMatch.Find(model.Apis, host, false, "GET", path, "").Api?.Info.Id;

    private static string? Owner(PublicationModel model, string key) => model.Callers.Find(KeyHash.Of(key))?.Info.Id;

    private static SubscriptionEntry[] Subscriptions(params string[] ids) =>
        [.. ids.Select(id => TestPublication.Subscription(id, "/apis"))];
}
