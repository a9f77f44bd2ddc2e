using Gateway.Contracts.Secrets;

namespace Gateway.Contracts.Tests.Secrets;

public sealed class PublicationKeyTests
{
    [Fact]
    public void Parse_EdgeForm_OpensWhatTheSiteSealed()
    {
        var site = SiteKey.Generate();
        var record = site.Publication.Chunks.Seal("content"u8, "name"u8);

        var edge = PublicationKey.Parse(site.Publication.Export() + "\n", out var isSiteKey).Value!;

        Assert.False(isSiteKey);
        Assert.Equal("content"u8.ToArray(), edge.Chunks.Open(record, "name"u8).Value);
        Assert.Equal(site.Publication.NameOf("x"u8), edge.NameOf("x"u8));
    }

    [Fact]
    public void Parse_SiteKey_DerivesAndSaysSo()
    {
        var site = SiteKey.Generate();

        var edge = PublicationKey.Parse(site.Export(), out var isSiteKey).Value!;

        Assert.True(isSiteKey);
        Assert.Equal(site.Publication.Export(), edge.Export());
    }

    [Theory]
    [InlineData("edge:")]
    [InlineData("edge:c2hvcnQ=")]
    [InlineData("EDGE:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void Parse_InvalidText_IsRefused(string text) =>
        Assert.Single(PublicationKey.Parse(text, out _).Errors);

    [Fact]
    public void Chunks_OfAnEdge_CannotOpenTheCatalog()
    {
        var site = SiteKey.Generate();
        var record = site.Catalog.Seal("secret"u8, "/namedValues/x"u8);

        var opened = site.Publication.Chunks.Open(record, "/namedValues/x"u8);

        Assert.Contains(site.Id, Assert.Single(opened.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NameOf_DependsOnContentAndKey()
    {
        var key = SiteKey.Generate().Publication;

        Assert.Equal(key.NameOf("a"u8), key.NameOf("a"u8));
        Assert.NotEqual(key.NameOf("a"u8), key.NameOf("b"u8));
        Assert.NotEqual(key.NameOf("a"u8), SiteKey.Generate().Publication.NameOf("a"u8));
        Assert.Equal(43, key.NameOf("a"u8).Length);
    }
}
