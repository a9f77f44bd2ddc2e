using System.Globalization;
using Gateway.Contracts.Federation;
using Gateway.Management.Tests.Support;

namespace Gateway.Management.Tests.Federation;

/// <summary>The keys of gateways and the tokens made with them.</summary>
public class GatewayKeyTests : ManagementFixture
{
    private const string Gateway = """{"properties":{"description":"a site"}}""";

    [Fact]
    public async Task Gateway_Put_GetsTwoKeysThatOnlyListKeysTells()
    {
        await Server.SendAsync("PUT", "/gateways/berlin", Gateway);

        var keys = await Server.SendAsync("POST", "/gateways/berlin/listKeys");
        var shown = await Server.SendAsync("GET", "/gateways/berlin");
        await Server.SendAsync("PUT", "/gateways/berlin", """{"properties":{"description":"changed"}}""");
        var kept = await Server.SendAsync("POST", "/gateways/berlin/listKeys");

        Assert.Equal(200, keys.Status);
        Assert.NotEqual((string?)keys.Json["primary"], (string?)keys.Json["secondary"]);
        Assert.Equal(44, ((string?)keys.Json["primary"])!.Length);
        Assert.DoesNotContain("Key", shown.Text, StringComparison.Ordinal);
        Assert.Equal(keys.Text, kept.Text);
    }

    [Fact]
    public async Task RegenerateKey_EndsTheTokensOfThatKeyOnly()
    {
        await Server.SendAsync("PUT", "/gateways/berlin", Gateway);
        var (primary, secondary) = (await TokenAsync("primary"), await TokenAsync("secondary"));

        var regenerated = await Server.SendAsync("POST", "/gateways/berlin/regenerateKey", """{"keyType":"primary"}""");

        Assert.Equal(204, regenerated.Status);
        var keys = await Server.SendAsync("POST", "/gateways/berlin/listKeys");
        Assert.False(primary.IsSignedBy((string)keys.Json["primary"]!));
        Assert.True(secondary.IsSignedBy((string)keys.Json["secondary"]!));
    }

    [Theory]
    [InlineData("""{"keyType":"primary"}""", "body.expiry")]
    [InlineData("""{"expiry":"2030-01-01T00:00:00Z"}""", "body.keyType")]
    [InlineData("""{"keyType":"third","expiry":"2030-01-01T00:00:00Z"}""", "body.keyType")]
    [InlineData("""{"keyType":"primary","expiry":"tomorrow"}""", "body.expiry")]
    [InlineData("""{"keyType":"primary","expiry":"2020-01-01T00:00:00Z"}""", "expiry")]
    [InlineData("""{"keyType":"primary","expiry":"2999-01-01T00:00:00Z"}""", "expiry")]
    public async Task GenerateToken_WrongBody_SaysWhatIsWrong(string body, string target)
    {
        await Server.SendAsync("PUT", "/gateways/berlin", Gateway);

        var refused = await Server.SendAsync("POST", "/gateways/berlin/generateToken", body);

        Assert.Equal((400, "ValidationError"), (refused.Status, refused.Code));
        Assert.Equal(target, (string?)Assert.Single(refused.Details)["target"]);
    }

    [Fact]
    public async Task GenerateToken_OfAGatewayThatIsNotThere_IsNotFound() =>
        Assert.Equal(404, (await Server.SendAsync("POST", "/gateways/nowhere/generateToken", Body("primary"))).Status);

    private async Task<GatewayToken> TokenAsync(string keyType)
    {
        var made = await Server.SendAsync("POST", "/gateways/berlin/generateToken", Body(keyType));
        Assert.Equal(200, made.Status);
        return GatewayToken.Parse((string)made.Json["value"]!).Value!;
    }

    private static string Body(string keyType) =>
        $$"""{"keyType":"{{keyType}}","expiry":"{{(TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(29)).ToString("O", CultureInfo.InvariantCulture)}}"}""";
}

/// <summary>The same on the grains.</summary>
[Collection(ManagementClusterTests.Name)]
public sealed class GatewayKeyTestsOnGrains(ManagementCluster cluster) : GatewayKeyTests
{
    protected override Task<IGrainFactory> GrainsAsync() => cluster.EmptyAsync();
}
