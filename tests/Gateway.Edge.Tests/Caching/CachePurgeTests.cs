using System.Diagnostics;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Results;
using Gateway.Edge.Caching;
using Gateway.Edge.Requests;
using Gateway.Edge.Tests.Harness;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Tests.Caching;

/// <summary>What purges, and silos that say nothing of them, do to what an edge has cached.</summary>
public sealed class CachePurgeTests : IAsyncLifetime
{
    private readonly FakeRegion _region = new();
    private OriginServer _origin = null!;

    public async Task InitializeAsync() => _origin = await OriginServer.StartAsync();

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    public static TheoryData<CacheScope, bool> Scopes { get; } = new()
    {
        { CacheScope.All, true },
        { new(CacheScopeKind.Api, "a"), true },
        { new(CacheScopeKind.Api, "b"), false },
        { new(CacheScopeKind.Operation, "a", "* /*"), true },
        { new(CacheScopeKind.Operation, "a", "other"), false },
        { new(CacheScopeKind.Operation, "b", "* /*"), false },
        { new(CacheScopeKind.Tag, "fruit"), true },
        { new(CacheScopeKind.Tag, "apple"), true },
        { new(CacheScopeKind.Tag, "Fruit"), false },
        { new(CacheScopeKind.Key, "fruit"), false },
    };

    [Theory]
    [MemberData(nameof(Scopes))]
    public async Task Purge_ends_what_is_in_its_scope_and_nothing_else(CacheScope scope, bool isEnded)
    {
        _origin.AnswerWith(("Cache-Tag", "fruit, apple"), ("Vary", "Accept"));
        await using var gateway = await StartAsync();
        await gateway.GetTextAsync("/a/x");
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));

        _region.Purge(scope);

        if (isEnded)
        {
            await Eventually.HoldsAsync(() => _region.IsKnown, "the edge knows of the purge");
            Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
            Assert.Equal("answer 2", await gateway.GetTextAsync("/a/x"));
        }
        else
        {
            await Eventually.HoldsAsync(() => _region.IsKnown, "the edge knows of the purge");
            Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));
        }
    }

    [Fact]
    public async Task Answer_to_a_request_that_began_before_a_purge_is_not_used_after_it()
    {
        var (isAsked, goes) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var gateway = await StartAsync();
        await gateway.GetTextAsync("/a/warm");
        var usual = _origin.Answer;
        _origin.Answer = async (http, number) =>
        {
            isAsked.TrySetResult();
            await goes.Task;
            await usual(http, number);
        };
        var begun = gateway.GetTextAsync("/a/x");
        await isAsked.Task;
        _region.Purge(CacheScope.All);
        await Eventually.HoldsAsync(() => _region.IsKnown, "the edge knows of the purge");
        goes.SetResult();
        var old = await begun;

        Assert.NotEqual(old, await gateway.GetTextAsync("/a/x"));
    }

    [Theory]
    [InlineData("k", "none")]
    [InlineData("other", "kept")]
    public async Task Purge_of_a_key_ends_that_value(string purged, string expected)
    {
        await using var gateway = await StartAsync(
            """
            <choose><when condition="@(context.Request.OriginalUrl.Path == "/a/store")"><cache-store-value key="k" value="kept" duration="60" /></when></choose>
            <cache-lookup-value key="k" variable-name="out" default-value="none" /><return-response><set-body>@((string)context.Variables["out"])</set-body></return-response>
            """);
        await gateway.GetTextAsync("/a/read");
        await gateway.GetTextAsync("/a/store");
        Assert.Equal("kept", await gateway.GetTextAsync("/a/read"));

        _region.Purge(new(CacheScopeKind.Key, purged));
        await Eventually.HoldsAsync(() => _region.IsKnown, "the edge knows of the purge");

        Assert.Equal(expected, await gateway.GetTextAsync("/a/read"));
    }

    [Theory]
    [InlineData(true, "none")]
    [InlineData(false, "made")]
    public async Task Purge_ends_a_value_that_was_being_made_and_is_stored_later(bool isPurged, string expected)
    {
        var (isAsked, goes) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var gateway = await StartAsync(
            $"""
            <choose><when condition="@(context.Request.OriginalUrl.Path == "/a/make")"><send-request response-variable-name="r"><set-url>{_origin.Url}/</set-url></send-request><cache-store-value key="k" value="made" duration="60" /></when></choose>
            <cache-lookup-value key="k" variable-name="out" default-value="none" /><return-response><set-body>@((string)context.Variables["out"])</set-body></return-response>
            """);
        await gateway.GetTextAsync("/a/read");
        _origin.Answer = async (_, _) =>
        {
            isAsked.TrySetResult();
            await goes.Task;
        };
        var making = gateway.GetTextAsync("/a/make");
        await isAsked.Task;
        if (isPurged)
        {
            _region.Purge(new(CacheScopeKind.Key, "k"));
            await Eventually.HoldsAsync(() => _region.IsKnown, "the edge knows of the purge");
        }

        goes.SetResult();
        await making;

        Assert.Equal(expected, await gateway.GetTextAsync("/a/read"));
    }

    [Fact]
    public async Task Edge_that_only_stores_values_keeps_them()
    {
        await using var gateway = await StartAsync(
            """<cache-store-value key="@(context.Request.OriginalUrl.Path)" value="kept" duration="600" /><return-response />""",
            new() { EpochLife = TimeSpan.FromMilliseconds(200), IdleAfter = TimeSpan.FromMilliseconds(100), StoreTimeout = TimeSpan.FromSeconds(5) });
        await Eventually.HoldsAsync(() => _region.IsKnown, "the edge hears of purges before anything is used");
        await KeepsAsync("/a/first");

        await Eventually.HoldsAsync(() => _region.NotAskedFor > TimeSpan.FromMilliseconds(400), "the edge follows purges no more, and what it knows does not count");
        await KeepsAsync("/a/second");

        async Task KeepsAsync(string path)
        {
            await gateway.GetTextAsync(path);
            await Eventually.HoldsAsync(() => gateway.Get<IValueCache>().FindAsync(CachingType.Internal, path).AsTask().GetAwaiter().GetResult() is not null, $"the value of {path} is kept");
        }
    }

    [Fact]
    public async Task Edge_that_hears_nothing_of_the_silos_uses_nothing_until_it_does()
    {
        await using var gateway = await StartAsync(cache: new() { EpochLife = TimeSpan.FromMilliseconds(400), StoreTimeout = TimeSpan.FromSeconds(5) });
        await gateway.GetTextAsync("/a/x");
        Assert.Equal("answer 1", await gateway.GetTextAsync("/a/x"));

        _region.IsAway = true;
        await Eventually.HoldsAsync(() => AskNow(gateway) != "answer 1", "the edge uses nothing any more");
        var waited = Stopwatch.StartNew();
        for (var i = 0; i < 20; i++)
        {
            await gateway.GetTextAsync("/a/y");
        }

        // None of them waits for a silo.
        Assert.InRange(waited.Elapsed.TotalSeconds, 0, 15);
        _region.IsAway = false;
        await Eventually.HoldsAsync(() => AskNow(gateway) == "answer 1", "the edge uses what it has again");
    }

    private static string AskNow(TestGateway gateway) => gateway.GetTextAsync("/a/x").GetAwaiter().GetResult();

    private Task<TestGateway> StartAsync(string? inbound = null, CacheOptions? cache = null) => CacheEdge.StartAsync(
        _origin, inbound ?? CacheEdge.Lookup, inbound is null ? CacheEdge.Store : "", options: new EdgeOptions { Cache = cache ?? new() { EpochLife = TimeSpan.FromSeconds(30), StoreTimeout = TimeSpan.FromSeconds(5) } },
        regions: _ => _region);

    /// <summary>A region in memory.</summary>
    private sealed class FakeRegion : ICacheRegionGrain
    {
        private readonly List<CachePurge> _purges = [];
        private long _told;
        private long _asked = Stopwatch.GetTimestamp();
        private long _current = 1;
        private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile bool IsAway;

        /// <summary>The time since the edge asked last.</summary>
        public TimeSpan NotAskedFor => Stopwatch.GetElapsedTime(Volatile.Read(ref _asked));

        /// <summary>True when the edge has asked again since it was told of the last purge.</summary>
        public bool IsKnown => Volatile.Read(ref _told) == Volatile.Read(ref _current);

        public void Purge(CacheScope scope)
        {
            lock (_purges)
            {
                _purges.Add(new(scope, ++_current));
            }

            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }

        Task<Result<long>> ICacheRegionGrain.Purge(CacheScope scope, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<RefillWord[]> Elect(RefillCall call, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task Report(CacheUse use) => Task.CompletedTask;

        public Task<HotResponse[]> Hottest(int most, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async Task<CacheEpochs?> Next(long known, TimeSpan wait, CancellationToken cancellationToken)
        {
            Volatile.Write(ref _told, known);
            Volatile.Write(ref _asked, Stopwatch.GetTimestamp());
            ObjectDisposedException.ThrowIf(IsAway, this);
            if (known == _current)
            {
                await _changed.Task.WaitAsync(wait, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            }

            lock (_purges)
            {
                return known == _current ? null : new() { Current = _current, Purges = [.. _purges] };
            }
        }
    }
}
