using Gateway.Contracts.Catalog.Kinds.Operations;

namespace Gateway.Contracts.Tests.Catalog;

public sealed class UrlTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("/", "")]
    [InlineData("/Orders", "/orders")]
    [InlineData("/orders/", "/orders/")]
    [InlineData("/orders/{id}", "/orders/{}")]
    [InlineData("/orders/{Other}/Lines", "/orders/{}/lines")]
    [InlineData("/*", "/*")]
    [InlineData("/files/{*path}", "/files/*")]
    [InlineData("/x?B={b}&a=1", "/x?a=1&b={}")]
    public void NormalForm_Template_ForgetsWhatDoesNotMatter(string text, string expected) =>
        Assert.Equal(expected, UrlTemplate.Parse(text).Value?.NormalForm);

    [Theory]
    [InlineData("/a//b")]
    [InlineData("/{a}/{A}")]
    [InlineData("/{a}?x={a}")]
    [InlineData("/*/b")]
    [InlineData("/{*a}/b")]
    [InlineData("/{}")]
    [InlineData("/{a}b")]
    [InlineData("/a b")]
    [InlineData("/..")]
    [InlineData("/a?")]
    [InlineData("/a?=b")]
    [InlineData("/a?b")]
    [InlineData("/a?b=*{c}")]
    public void Parse_WrongTemplate_SaysWhy(string text) =>
        Assert.StartsWith("The URL template has", Assert.Single(UrlTemplate.Parse(text).Errors).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_OfPathAndQuery_KeepTheirOrder() =>
        Assert.Equal(["a", "rest", "q"], UrlTemplate.Parse("/{a}/{*rest}?q={q}&l=1").Value!.Parameters);
}
