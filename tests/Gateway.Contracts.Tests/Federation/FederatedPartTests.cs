using System.Text;
using Gateway.Contracts.Federation;

namespace Gateway.Contracts.Tests.Federation;

public sealed class FederatedPartTests
{
    [Fact]
    public void Read_WrittenPart_GivesItBack()
    {
        var part = new FederatedPart("salt", "program", ["@(a)", "@(\"ü\")"], """{"id":"orders","n":[1,{}]}"""u8.ToArray());

        var read = FederatedPart.Read(part.ToBytes()).Value!;

        Assert.Equal((part.Salt, part.Program), (read.Salt, read.Program));
        Assert.Equal(part.Expressions, read.Expressions);
        Assert.Equal(part.Content.ToArray(), read.Content.ToArray());
    }

    [Fact]
    public void ToBytes_EqualParts_AreEqual() => Assert.Equal(
        new FederatedPart("salt", null, [], "{}"u8.ToArray()).ToBytes(),
        """{"salt":"salt","content":{}}"""u8.ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"salt\":\"s\"}")]
    [InlineData("{\"content\":{}}")]
    [InlineData("{\"salt\":\"s\",\"content\":[]}")]
    [InlineData("{\"salt\":\"s\",\"content\":{},\"program\":\"p\"}")]
    [InlineData("{\"salt\":\"s\",\"content\":{},\"expressions\":[\"@(a)\"]}")]
    [InlineData("{\"salt\":\"s\",\"content\":{},\"program\":1,\"expressions\":[\"@(a)\"]}")]
    [InlineData("{\"salt\":\"s\",\"content\":{},\"program\":\"p\",\"expressions\":{}}")]
    public void Read_AnythingElse_IsRefused(string text) =>
        Assert.StartsWith("A part of the hub's publication cannot be read", Assert.Single(FederatedPart.Read(Encoding.UTF8.GetBytes(text)).Errors).Message, StringComparison.Ordinal);
}
