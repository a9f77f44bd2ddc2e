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
}
