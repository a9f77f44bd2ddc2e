using Gateway.Contracts.Federation;

namespace Gateway.Contracts.Tests.Federation;

public sealed class GatewayTokenTests
{
    private const string Key = "the primary key of a gateway, 32 characters or more";

    private static readonly DateTimeOffset _expiry = new(2026, 5, 1, 12, 30, 15, TimeSpan.Zero);

    [Theory]
    [InlineData("")]
    [InlineData("GatewayKey ")]
    [InlineData("gatewaykey   ")]
    public void Parse_IssuedToken_GivesWhatItSays(string prefix)
    {
        var token = GatewayToken.Parse(prefix + GatewayToken.Issue("berlin", Key, _expiry) + "\n").Value!;

        Assert.Equal(("berlin", _expiry), (token.Gateway, token.Expiry));
        Assert.True(token.IsSignedBy(Key));
        Assert.False(token.IsSignedBy(Key + "x"));
    }

    [Fact]
    public void Issue_SameInput_GivesTheTextThatIsWire() =>
        Assert.Equal("berlin&20260501123015&" + Signature, GatewayToken.Issue("berlin", Key, _expiry));

    [Theory]
    [InlineData("berlin&20260501123015&", "hamburg&20260501123015&")]
    [InlineData("berlin&20260501123015&", "berlin&20270501123015&")]
    public void IsSignedBy_ChangedToken_IsFalse(string from, string to) =>
        Assert.False(GatewayToken.Parse(GatewayToken.Issue("berlin", Key, _expiry).Replace(from, to, StringComparison.Ordinal)).Value!.IsSignedBy(Key));

    [Theory]
    [InlineData("")]
    [InlineData("berlin")]
    [InlineData("berlin&20260501123015")]
    [InlineData("&20260501123015&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("berlin&202605011230&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("berlin&20269901123015&AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("berlin&20260501123015&not-base64!")]
    [InlineData("berlin&20260501123015&AAAA")]
    public void Parse_AnythingElse_IsRefusedWithoutShowingIt(string text)
    {
        var error = Assert.Single(GatewayToken.Parse(text).Errors);

        Assert.StartsWith("The gateway token is none of this product", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("berlin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EndlessText_IsRefused() => Assert.False(GatewayToken.Parse(new string('a', 1_000_000) + "&20260501123015&AAAA").IsSuccess);

    [Fact]
    public void ToString_ShowsNoSecret() =>
        Assert.Equal("token of gateway 'berlin' until 2026-05-01 12:30:15Z", GatewayToken.Parse(GatewayToken.Issue("berlin", Key, _expiry)).Value!.ToString());

    private static string Signature => System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes(Key), "gateway-token\nberlin\n20260501123015"u8));
}
