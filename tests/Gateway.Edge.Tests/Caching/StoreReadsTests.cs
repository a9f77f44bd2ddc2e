using System.Collections.Concurrent;
using Gateway.Edge.Caching;
using StackExchange.Redis;

namespace Gateway.Edge.Tests.Caching;

public sealed class StoreReadsTests
{
    [Fact]
    public async Task ManyAtTheSameTime_AreEachSentOnce_AndGetTheirOwn()
    {
        var batches = new ConcurrentQueue<int>();
        var reads = new StoreReads(sent =>
        {
            batches.Enqueue(sent.Length);
            return AnswerAsync(sent);
        });

        var keys = Enumerable.Range(0, 4_000).Select(number => $"k{number}").ToArray();
        var found = await Task.WhenAll(keys.AsParallel().Select(key => reads.GetAsync(key)));

        Assert.Equal(keys.Order(), found.Select(value => (string)value!).Order());
        Assert.Equal(keys.Length, batches.Sum());
        Assert.All(batches, count => Assert.InRange(count, 1, 64));
    }

    [Fact]
    public async Task WhatIsWantedWhileThePoolIsBusy_GoesTogether()
    {
        var batches = new List<int>();
        var due = new Queue<IThreadPoolWorkItem>();
        var reads = new StoreReads(
            sent =>
            {
                batches.Add(sent.Length);
                return AnswerAsync(sent);
            },
            due.Enqueue);

        var found = Enumerable.Range(0, 100).Select(number => reads.GetAsync($"k{number}")).ToArray();
        while (due.TryDequeue(out var item))
        {
            item.Execute();
        }

        await Task.WhenAll(found);
        Assert.Equal([64, 36], batches);
    }

    [Fact]
    public async Task OneAlone_WaitsForNoOther()
    {
        var reads = new StoreReads(AnswerAsync);

        Assert.Equal("k", await reads.GetAsync("k").WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("k", await reads.GetAsync("k").WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private static async Task AnswerAsync(StoreRead[] sent)
    {
        await Task.Yield();
        foreach (var read in sent)
        {
            read.SetResult((string?)read.Key);
        }
    }
}
