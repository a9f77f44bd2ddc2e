using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Execution;

public class RequestIdsTests
{
    [Fact]
    public async Task Ids_of_many_threads_are_all_different_and_well_formed()
    {
        var batches = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 20_000).Select(_ => RequestIds.Next()).ToArray())));

        var ids = batches.SelectMany(batch => batch).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal((4, 0x8), (id.Version, id.Variant & 0xC)));
    }
}
