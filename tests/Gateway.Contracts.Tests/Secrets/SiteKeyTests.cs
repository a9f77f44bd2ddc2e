using Gateway.Contracts.Secrets;

namespace Gateway.Contracts.Tests.Secrets;

public sealed class SiteKeyTests
{
    private const string Zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData(Zeros)]
    [InlineData(Zeros + "\n")]
    [InlineData(Zeros + " \r\n\t")]
    public void Parse_ValidText_GivesTheSameKey(string text)
    {
        var key = SiteKey.Parse(text);

        Assert.True(key.IsSuccess);
        Assert.Equal(Zeros, key.Value.Export());
    }

    [Fact]
    public void Derivation_KnownKey_StaysAsWrittenToStores()
    {
        var key = SiteKey.Parse(Zeros).Value!;

        Assert.Equal(
            ("e86f95846a8e4c13", "0676cf7f806380ff", "edge:EAqPG4PZXXNK1LaInkU9n9w3fqkoT5QRQHNJQE3vab8=", "NmO9OITPnc-XA279GjTFl5jowJDXQ6JUx7-hzi5eZHc"),
            (key.Id, key.Publication.Id, key.Publication.Export(), key.Publication.NameOf("{}"u8)));
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \n", "empty")]
    [InlineData("not base64!", "not valid base64")]
    [InlineData("c2hvcnQ=", "5 bytes")]
    [InlineData("edge:" + Zeros, "key for edges")]
    public void Parse_InvalidText_SaysWhatIsWrongWithoutTheText(string text, string expected)
    {
        var key = SiteKey.Parse(text);

        var error = Assert.Single(key.Errors);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generate_Twice_GivesDifferentKeys() =>
        Assert.NotEqual(SiteKey.Generate().Export(), SiteKey.Generate().Export());

    [Fact]
    public void ToString_HoldsNoKey()
    {
        var key = SiteKey.Generate();

        Assert.Equal($"site key {key.Id}", key.ToString());
        Assert.Equal($"publication key {key.Publication.Id}", key.Publication.ToString());
    }
}
