using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Tests.Counters.Quotas;

public sealed class QuotaRecordTests
{
    /// <summary>A record is compared with what is stored, as text: it has to come back as it was, whoever wrote it.</summary>
    [Theory]
    [InlineData("0123456789ab.1")]
    [InlineData("0123456789ab.4711")]
    [InlineData("0123456789ab.0")]
    [InlineData("0123456789ab.07")]
    [InlineData("0123456789ab.-7")]
    [InlineData("0123456789ab.")]
    [InlineData("0123456789ab.99999999999999999999")]
    [InlineData(".7")]
    [InlineData("a.b.7")]
    [InlineData("0123456789ab")]
    public void Nonce_ComesBackAsItWas(string nonce)
    {
        var text = $"1|0|1000|7|{nonce}|";

        Assert.Equal(text, QuotaRecord.Parse(text)!.ToString());
        Assert.Equal(nonce, QuotaNonce.Parse(nonce).ToString());
    }

    [Fact]
    public void Nonces_OfOneWrite_AreEqual() => Assert.Equal(new QuotaNonce("w", 7), QuotaNonce.Parse("w.7"));

    [Theory]
    [InlineData("1|0|1000|7||")]
    [InlineData("2|0|1000|7|w.1|")]
    [InlineData("1|1000|1000|7|w.1|")]
    [InlineData("1|0|1000|7|w.1|edge:7")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_IsNoRecord(string? text) => Assert.Null(QuotaRecord.Parse(text));
}
