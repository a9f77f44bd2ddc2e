using System.Net;
using System.Text;

namespace Gateway.Edge.Tests.Policies;

public sealed class StylesheetTests
{
    private const string Begin = "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:output method=\"xml\" omit-xml-declaration=\"yes\" />";
    private const string Why = "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>";

    [Fact]
    public async Task Stylesheet_transforms_the_body_with_its_parameters()
    {
        await using var edge = await PolicyExchange.StartAsync(outbound: $$"""
            <xsl-transform><parameter name="who">@(context.Api.Id + "!")</parameter><parameter name="two">2</parameter>{{Begin}}
                <xsl:param name="who" /><xsl:param name="two" />
                <xsl:template match="/list"><out a="{$two}"><xsl:for-each select="item"><xsl:sort select="." order="descending" /><i><xsl:value-of select="." /></i></xsl:for-each><xsl:value-of select="$who" /></out></xsl:template>
            </xsl:stylesheet></xsl-transform>
            """);

        Assert.Equal("200 <out a=\"2\"><i>2</i><i>1</i>a!</out>", await PostAsync(edge, "<list><item>1</item><item>2</item></list>"));
    }

    [Theory]
    [InlineData("<xsl:template match=\"/\"><xsl:call-template name=\"a\" /></xsl:template><xsl:template name=\"a\"><xsl:call-template name=\"a\" />x</xsl:template>", "<a/>")]
    [InlineData("<xsl:template match=\"/\"><xsl:apply-templates select=\"/\" />x</xsl:template>", "<a/>")]
    [InlineData("<xsl:template match=\"/\"><x /></xsl:template>", "<a>")]
    [InlineData("<xsl:template match=\"/\"><x /></xsl:template>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public async Task Stylesheet_without_an_end_and_bodies_that_are_no_xml_fail_the_request_only(string templates, string body)
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: $"<xsl-transform>{Begin}{templates}</xsl:stylesheet></xsl-transform>", onError: Why);

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = new StringContent(body, Encoding.UTF8, "text/xml"));

        Assert.Equal((HttpStatusCode.InternalServerError, "xsl-transform ExpressionValueEvaluationFailure"), (response.StatusCode, response.Headers.GetValues("X-Why").Single()));
    }

    [Fact]
    public async Task Cross_domain_answers_what_players_ask_for()
    {
        await using var edge = await PolicyExchange.StartAsync(
            global: "<policies><inbound><cross-domain><cross-domain-policy><allow-http-request-headers-from domain='*' headers='*' /></cross-domain-policy></cross-domain></inbound><backend><forward-request /></backend></policies>");

        Assert.Equal("200 <cross-domain-policy><allow-http-request-headers-from domain='*' headers='*' /></cross-domain-policy>", await edge.AnswerAsync("/a/crossdomain.xml"));
        Assert.Equal("200 {\"from\":\"backend\"}", await edge.AnswerAsync("/a/json"));
    }

    private static Task<string> PostAsync(PolicyExchange edge, string body) =>
        edge.AnswerAsync("/a/mirror", request => request.Content = new StringContent(body, Encoding.UTF8, "text/xml"), HttpMethod.Post);
}
