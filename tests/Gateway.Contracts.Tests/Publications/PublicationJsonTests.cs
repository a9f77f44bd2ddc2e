using System.Text;
using System.Text.Json;
using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

public sealed class PublicationJsonTests
{
    private static readonly ApiChunk Api = new()
    {
        Id = "orders",
        DisplayName = "Orders",
        Path = "orders",
        Protocols = ["https"],
        SubscriptionRequired = false,
        Operations = [new OperationEntry { Id = "get", DisplayName = "Get", Method = "GET", UrlTemplate = "/{id}", Policy = "tree" }],
    };

    [Fact]
    public void Chunk_ComesBackWithAllItsMembers()
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(Api, PublicationJson.Default.ApiChunk);

        var again = JsonSerializer.Deserialize(json, PublicationJson.Default.ApiChunk)!;

        Assert.Equivalent(Api, again, strict: true);
        Assert.Equal(json, JsonSerializer.SerializeToUtf8Bytes(again, PublicationJson.Default.ApiChunk));
    }

    [Fact]
    public void Chunk_OfAnOlderWriter_HasTheDefaultsOfMembersItLacks()
    {
        var api = JsonSerializer.Deserialize("""{"id":"a","displayName":"A","path":"a"}""", PublicationJson.Default.ApiChunk)!;

        Assert.True(api.SubscriptionRequired);
        Assert.Equal("Ocp-Apim-Subscription-Key", api.KeyHeader);
        Assert.Empty(api.Operations);
    }

    [Fact]
    public void Chunk_OfANewerWriter_IsReadWithoutTheMembersThatAreNew()
    {
        var api = JsonSerializer.Deserialize("""{"id":"a","displayName":"A","path":"a","flavour":{"sweet":true}}""", PublicationJson.Default.ApiChunk)!;

        Assert.Equal("a", api.Id);
    }

    [Fact]
    public void Manifest_NamesItsKindsByWord()
    {
        var json = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(Manifests.Of("L", 1), PublicationJson.Default.Manifest));

        Assert.Contains("\"kind\":\"Service\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":{", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_IsWrittenAsItsMembersAreNamed_AndComesBack()
    {
        foreach (var kind in Enum.GetValues<ChunkKind>())
        {
            var page = new IndexPage { Chunks = [new ChunkReference(kind, "a \"quoted\" ü id", "name", 7)] };

            var json = JsonSerializer.Serialize(page, PublicationJson.Default.IndexPage);

            Assert.Equal($$"""{"chunks":[{"kind":"{{kind}}","id":"a \u0022quoted\u0022 \u00FC id","name":"name","length":7}]}""", json);
            Assert.Equal(page.Chunks, JsonSerializer.Deserialize(json, PublicationJson.Default.IndexPage)!.Chunks);
        }
    }

    [Fact]
    public void Reference_OfANewerWriter_IsReadWithoutTheMembersThatAreNew()
    {
        var page = JsonSerializer.Deserialize("""{"chunks":[{"flavour":{"id":"b"},"length":7,"name":"n","id":"a","tags":[1],"kind":"Api"}]}""", PublicationJson.Default.IndexPage)!;

        Assert.Equal(new ChunkReference(ChunkKind.Api, "a", "n", 7), Assert.Single(page.Chunks));
    }

    [Theory]
    [InlineData("""{"kind":"Flavour"}""")]
    [InlineData("""{"kind":1}""")]
    [InlineData("""{"id":1}""")]
    [InlineData("""{"name":{}}""")]
    [InlineData("""{"length":"7"}""")]
    [InlineData("""{"length":7.5}""")]
    [InlineData("""{"length":99999999999}""")]
    [InlineData("""[]""")]
    [InlineData("7")]
    [InlineData("""{"kind":"Api" """)]
    public void Reference_OfAWrongShape_IsRefusedWithItsPlace(string reference)
    {
        var refusal = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize($$"""{"chunks":[{{reference}}]}""", PublicationJson.Default.IndexPage));

        Assert.StartsWith("$.chunks", refusal.Path, StringComparison.Ordinal);
    }
}
