using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Federation;

public sealed class FederationNamesTests
{
    [Fact]
    public void GatewayOf_PublicationsOfASite_IsItsGateway()
    {
        Assert.Equal("berlin", FederationNames.GatewayOf(FederationNames.PublicationsOf("berlin")));
        Assert.Null(FederationNames.GatewayOf("berlin"));
    }

    [Fact]
    public void PublicationOf_Tag_GivesThePublication()
    {
        var publication = new PublicationId("0123abcd", 42);

        Assert.Equal(publication, FederationNames.PublicationOf(FederationNames.TagOf(publication)));
        Assert.Equal(publication, FederationNames.PublicationOf($" \"{FederationNames.TagOf(publication)}\" "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("\"\"")]
    [InlineData("\"/1\"")]
    [InlineData("\"l/\"")]
    [InlineData("\"l/-1\"")]
    [InlineData("\"l/99999999999999999999\"")]
    public void PublicationOf_AnythingElse_IsNone(string tag) => Assert.Null(FederationNames.PublicationOf(tag));
}
