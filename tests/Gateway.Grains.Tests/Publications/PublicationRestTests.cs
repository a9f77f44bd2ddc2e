using System.Diagnostics;
using Gateway.Contracts.Publications;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Publications;

/// <summary>A catalog that comes in many change sets does not keep a silo publishing all the time.</summary>
public sealed class PublicationRestTests : IAsyncLifetime
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SemaphoreSlim _arrived = new(0);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PublicationCluster _site = null!;
    private bool _isShut;

    public async Task InitializeAsync() => _site = await PublicationCluster.StartAsync(TimeSpan.FromHours(1), gate: async () =>
    {
        if (Volatile.Read(ref _isShut))
        {
            _arrived.Release();
            await _opened.Task.WaitAsync(Patience);
        }
    });

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _arrived.Dispose();
    }

    [Fact]
    public async Task PublicationOfManyParts_ThatIsFollowedByOthers_IsFollowedByARestAsLong()
    {
        var (many, since) = await PublishManyAsync();

        var last = await _site.NextAsync(new FeedPosition { Node = "edge", Running = many.Id });

        Assert.Contains("more", await _site.PartIdsAsync(last));
        Assert.True(since.Elapsed >= Took, $"The next publication came after {since.Elapsed}.");
    }

    [Fact]
    public async Task Rollback_CutsTheRestShort()
    {
        var (many, since) = await PublishManyAsync();

        var answer = await _site.Publications().Rollback(many.Number - 1, CancellationToken.None);

        Assert.True(answer.IsSuccess);
        Assert.True(since.Elapsed < Took, $"It was answered after {since.Elapsed}.");
    }

    private async Task<(Manifest Publication, Stopwatch Since)> PublishManyAsync()
    {
        var first = await _site.CurrentAsync();
        Volatile.Write(ref _isShut, true);
        await _site.CommitAsync([.. Enumerable.Range(0, 600).Select(number => Api($"a{number}"))]);
        Assert.True(await _arrived.WaitAsync(Patience));
        await _site.CommitAsync(Api("more"));

        // So long the store takes.
        await Task.Delay(Took);
        Volatile.Write(ref _isShut, false);
        var since = Stopwatch.StartNew();
        _opened.SetResult();
        return (await _site.NextAsync(new FeedPosition { Node = "edge", Running = first.Id }), since);
    }
}
