using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

public sealed class PublicationOrderTests
{
    [Theory]
    [InlineData("L", 5, "L", 6, true)]
    [InlineData("L", 5, "L", 60, true)]
    [InlineData("L", 5, "L", 5, false)]
    [InlineData("L", 5, "L", 4, false)]
    [InlineData("K", 5, "L", 1, true)]
    [InlineData("J", 5, "L", 1, true)]
    [InlineData("M", 5, "L", 9, false)]
    [InlineData("k", 5, "L", 9, false)]
    public void Publication_AfterAnother_IsAcceptedOnlyWhenItContinuesIt(string lineage, long number, string newLineage, long newNumber, bool accepted)
    {
        var objection = PublicationOrder.Objection(new PublicationId(lineage, number), Manifests.Of(newLineage, newNumber, "J", "K"));

        Assert.Equal(accepted, objection is null);
    }

    [Fact]
    public void Publication_AsTheFirst_IsAccepted() => Assert.Null(PublicationOrder.Objection(null, Manifests.Of("L", 1)));

    [Fact]
    public void Publication_SeenBefore_IsAcceptedOnlyAtAStart()
    {
        var seen = new PublicationId("L", 5);

        Assert.Null(PublicationOrder.Objection(seen, Manifests.Of("L", 5), orEqual: true));
        Assert.NotNull(PublicationOrder.Objection(seen, Manifests.Of("L", 4), orEqual: true));
        Assert.NotNull(PublicationOrder.Objection(seen, Manifests.Of("L", 5)));
    }
}
