using System.Diagnostics;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Grains.Counters.Holding;
using Gateway.Testing.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Grains.Tests.Counters.Placement;

public sealed class PartitionBalancerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly CounterDefinition Definition = new() { Limit = 10, PeriodMilliseconds = 120_000, Publication = new PublicationId("L", 1) };

    [Theory, StoreData]
    public async Task Silos_ComeAndGo_PartitionsMoveWithTheirMemory(string store)
    {
        await using var cluster = await CounterCluster.StartAsync(store);
        await HeldAsync(cluster, 128, 128);
        var counters = Enumerable.Range(0, 40).Select(index => new CounterId(1, (ulong)(index * 6))).ToArray();
        var edges = counters.Select(_ => cluster.AddEdge()).ToArray();
        await SpendAsync(edges, counters, 4);
        var epochs = edges.Select(edge => edge.Epoch).ToArray();

        var third = await cluster.Cluster.StartAdditionalSiloAsync();
        await HeldAsync(cluster, 85, 85, 86);
        await SpendAsync(edges, counters, 3);
        await cluster.Cluster.StopSiloAsync(third);
        await HeldAsync(cluster, 128, 128);

        foreach (var (edge, counter) in edges.Zip(counters))
        {
            var admitted = 0;
            while (await edge.SpendAsync(counter, Definition))
            {
                admitted++;
            }

            Assert.True((admitted, edge.Echoes) == (3, 0), $"{counter} admitted {admitted} more, and its edge was asked {edge.Echoes} times: {edge.Last}.");
            edge.Dispose();
        }

        Assert.Equal(epochs, edges.Select(edge => edge.Epoch));
    }

    private static async Task SpendAsync(TestEdge[] edges, CounterId[] counters, int count)
    {
        for (var spent = 0; spent < count; spent++)
        {
            Assert.All(await Task.WhenAll(edges.Zip(counters).Select(pair => pair.First.SpendAsync(pair.Second, Definition))), Assert.True);
        }
    }

    private static async Task HeldAsync(CounterCluster cluster, params int[] shares)
    {
        var started = Stopwatch.StartNew();
        while (!Held(cluster).SequenceEqual(shares))
        {
            Assert.True(started.Elapsed < Patience, $"The silos hold {string.Join(", ", Held(cluster))} partitions.");
            await Task.Delay(20);
        }
    }

    private static IEnumerable<int> Held(CounterCluster cluster) =>
        cluster.Cluster.Silos.Select(silo => silo.ServiceProvider.GetRequiredService<PartitionRegistry>().Active.Count).Order();
}
