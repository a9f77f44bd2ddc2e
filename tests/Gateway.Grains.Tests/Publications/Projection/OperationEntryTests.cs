using System.Text.Json.Nodes;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Tests.Publications.Projection;

public sealed class OperationEntryTests
{
    [Theory]
    [InlineData("""{"urlTemplate":"/a"}""", false)]
    [InlineData("""{"urlTemplate":"/a?x={x}"}""", true)]
    [InlineData("""{"urlTemplate":"/a","request":{"queryParameters":[{"name":"x"}]}}""", true)]
    public void Operation_of_which_edges_need_nothing_has_no_definition(string properties, bool expected) =>
        Assert.Equal(expected, Entries.Operation("get", JsonNode.Parse(properties)!.AsObject()).Definition is not null);
}
