using System.Net;
using System.Text;
using Gateway.Edge.Requests;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Templates of <c>set-body</c>, over the body that a client sent and a backend sent back.</summary>
public sealed class LiquidTests
{
    private const string Json = """{"name":"Jörg","when":"2012-03-21T05:40:00Z","price":12.5,"n":7,"ok":true,"none":null,"items":[{"id":"a","v":1},{"id":"b","v":2}],"tags":["x","y","x"],"deep":{"Inner":"i"},"gaps":["a",null,"b"],"lines":"1\n2"}""";
    private const string Xml = """<s:order xmlns:s="urn:s" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="7"><s:Item price="3">one</s:Item><s:Item>two</s:Item><single><id>1</id></single><gone xsi:nil="true" /></s:order>""";

    [Theory]
    // members
    [InlineData("""{{body.name}} {{body.deep.Inner}} {{body.deep.inner}} {{ body['name'] }}""", "Jörg i  Jörg")]
    [InlineData("""{{body.price}} {{body.n}} {{body.ok}} [{{body.none}}] [{{body.missing.more}}]""", "12.5 7 true [] []")]
    [InlineData("""{{body.items[1].id}} {{body.items.Size}} {{body.items.First.id}} {{body.items.Last.id}} {{body.tags | Size}}""", "b 2 a b 3")]
    // dates
    [InlineData("""{{body.when}} {{body.when | Date: "yyyyMMddTHH:mm:ssZ"}} {{"2020-02-03" | Date: "dd.MM.yy"}} {{"no" | Date: "dd"}}""", "03/21/2012 05:40:00 20120321T05:40:00Z 03.02.20 no")]
    // filters
    [InlineData("""{{ "a b" | Append: "c" | Prepend: "z" | Upcase | Replace: "B", "-" | Split: " " | Join: "+" }}""", "ZA+-C")]
    [InlineData("""{{ "hello world" | Capitalize }}|{{ " x " | Strip }}|{{ "abc" | Slice: 1, 2 }}|{{ "abc" | Downcase | Remove: "b" | RemoveFirst: "a" }}""", "Hello world|x|bc|c")]
    [InlineData("""{{ 7 | Plus: 1 | Minus: 2 | Times: 3 | DividedBy: 4 | Modulo: 3 }} {{ -3 | Abs }} {{ 2.6 | Round }} {{ 3 | AtLeast: 5 | AtMost: 4 }}""", "1 3 3 4")]
    [InlineData("""{{ "<a&b>" | Escape }} {{ "<a>" | H }} {{ "a b" | UrlEncode }} {{ "a%20b" | UrlDecode }} {{ "<p>t</p>" | StripHtml }}""", "&lt;a&amp;b&gt; &lt;a&gt; a+b a b t")]
    [InlineData("""{{ body.tags | Uniq | Join: "," }} {{ body.items | Map: "id" | Join: "," }} {{ body.tags | Sort | First }} {{ body.missing | Default: "d" }} {{ 1234.5 | Currency }}""", "x,y a,b x d $1,234.50")]
    [InlineData("""{{ "one two three" | TruncateWords: 2 }} {{ "abcdef" | Truncate: 4 }} {{ " a" | Lstrip }}{{ "b " | Rstrip }}""", "one two... a... ab")]
    [InlineData("""{{ body.gaps | Compact | Join: "," }} {{ body.gaps | Size }} {{ body.tags | Last }} {{ "x-x-x" | ReplaceFirst: "x", "y" }}""", "a,b 3 x y-x-x")]
    [InlineData("""[{{ body.lines | NewlineToBr }}] [{{ body.lines | StripNewlines }}]""", "[1<br />2] [12]")]
    // tags
    [InlineData("""{% assign x = body.n %}{% if x > 5 and body.ok %}big{% elsif x %}small{% else %}none{% endif %}{% unless body.none %}!{% endunless %}""", "big!")]
    [InlineData("""{% for i in body.items %}{{ i.id }}{% if forloop.Last == false %},{% endif %}{% endfor %} {% for i in (1..3) %}{{ forloop.Index }}{% endfor %}""", "a,b 123")]
    [InlineData("""{% case body.n %}{% when 7 %}seven{% else %}other{% endcase %}{% capture c %}[{{ body.name }}]{% endcapture %}{{ c }}""", "seven[Jörg]")]
    [InlineData("""[{% JSONArrayFor i in body.items %}{"id":"{{ i.id }}"}{% endJSONArrayFor %}]""", """[{"id":"a"},{"id":"b"}]""")]
    [InlineData("""[{% JSONArrayFor i in body.items %}{% if i.v > 1 %}{{ i.v }}{% endif %}{% endJSONArrayFor %}]{% JSONArrayFor i in body.missing %}x{% endJSONArrayFor %}""", "[2]")]
    [InlineData("""{% JSONArrayFor i in body.tags %}"{{ i }}{{ forloop.Index0 }}"{% if i == "y" %}{% break %}{% endif %}{% endJSONArrayFor %}""", "\"x0\",\"y1\"")]
    // context
    [InlineData("""{{context.Request.Method}} {{context.Request.OriginalUrl.Path}} {{context.Request.Url.Query.q}} {{context.Request.Headers.X-Test}} {{context.Request.MatchedParameters['*']}} {{context.Request.HasBody}} {{context.Request.IpAddress}}""", "POST /a/mirror 1 t mirror true 127.0.0.1")]
    [InlineData("""{{context.Response.StatusCode}} {{context.Api.Name}} {{context.Operation.Method}} {{context.Variables["v"]}} {{context.Variables.j.k}} {{context.Variables.none}}""", "200 a * text 1 ")]
    [InlineData("""{% for h in context.Request.Headers %}{% if h.Key == "X-Test" %}{{ h.Key }}={{ h.Value }}{% endif %}{% endfor %}""", "X-Test=t")]
    public async Task Template_makes_a_text_of_json(string template, string expected) => Assert.Equal(expected, await RenderAsync(template, Json, "application/json"));

    [Fact]
    public async Task Template_sees_both_sides_of_a_changed_request()
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: """<set-method>PUT</set-method><rewrite-uri template="/mirror" copy-unmatched-params="false" />""",
            outbound: """<set-body template="liquid">{% assign u = context.Request.Url %}{{ context.Request.Method }} {{ context.Request.OriginalMethod }} {{ u.Scheme }}://{{ u.Host }}:{{ u.Port }}{{ u.Path }}{{ u.QueryString }} {{ context.Request.OriginalUrl.Port }}{{ context.Request.OriginalUrl.Path }}{{ context.Request.OriginalUrl.QueryString }} {{ context.Response.Headers.X-Got }}</set-body>""");

        Assert.Equal(
            $"200 PUT POST {edge.Backend.Url}/mirror {edge.Gateway.Url.Port}/a/x?q=1&r=%C3%B6 3 of 3",
            await edge.AnswerAsync("/a/x?q=1&r=%C3%B6", request => request.Content = new StringContent("abc"), HttpMethod.Post));
    }

    [Theory]
    [InlineData("""{{body.order.item[0]}} {{body.order.Item[1]}} {{body.order.@id}} {{body.order.id}} {{body.order.single.id}} [{{body.order.gone}}]""", "", "one two 7 7 1 []")]
    [InlineData("""{{body.order.item[0].price}} {% if body.order.gone == nil %}nil{% else %}blank{% endif %}""", "", "3 blank")]
    [InlineData("""{% if body.order.gone == nil %}nil{% else %}blank{% endif %}""", " xsi-nil=\"null\"", "nil")]
    [InlineData("""[{% JSONArrayFor i in body.order.item %}"{{i}}"{% endJSONArrayFor %}][{% JSONArrayFor i in body.order.single %}"{{i}}"{% endJSONArrayFor %}]""", "", "[\"one\",\"two\"][\"1\"]")]
    public async Task Template_makes_a_text_of_xml(string template, string attributes, string expected) =>
        Assert.Equal(expected, await RenderAsync(template.Replace("body.order.@id", "body.order['@id']"), Xml, "application/soap+xml", attributes));

    [Fact]
    public async Task Dates_are_copied_when_the_author_says_so() =>
        Assert.Equal("2012-03-21T05:40:00Z", await RenderAsync("{{body.when}}", Json, "application/json", " parse-date=\"false\""));

    [Fact]
    public async Task Text_of_another_type_is_a_text() => Assert.Equal("[plain]", await RenderAsync("[{{body}}]", "plain", "text/plain"));

    [Fact]
    public async Task Template_of_the_request_makes_what_is_forwarded_and_markup_is_text()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: """<set-body template="liquid"><a x="{{ body.n }}">{{ body.name }}</a></set-body>""");

        Assert.Equal("200 <a x=\"7\">Jörg</a>", await edge.AnswerAsync("/a/mirror", request => request.Content = new StringContent(Json, Encoding.UTF8, "application/json"), HttpMethod.Post));
    }

    [Fact]
    public async Task Template_in_return_response_sees_no_body()
    {
        await using var edge = await PolicyExchange.StartAsync(inbound: """<return-response><set-body template="liquid">[{{ body.name }}]{{ context.Request.Method }}</set-body></return-response>""");

        Assert.Equal("200 []POST", await edge.AnswerAsync("/a/mirror", request => request.Content = new StringContent(Json, Encoding.UTF8, "application/json"), HttpMethod.Post));
    }

    [Theory]
    [InlineData("{% assign a = 'aaaaaaaaaaaaaaaa' %}{% for i in (1..60) %}{% assign a = a | Append: a %}{% endfor %}{{ a }}")]
    [InlineData("{% capture a %}aaaaaaaaaaaaaaaa{% endcapture %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}")]
    [InlineData("{% for i in (1..100000) %}{% for j in (1..100000) %}{% for k in (1..100000) %}{% endfor %}{% assign x = j %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in (1..1000000) %}aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}")]
    [InlineData("{{ body.name }}", "{\"name\":")]
    [InlineData("{{ body.name }}", "<a>", "text/xml")]
    [InlineData("{{ body.name }}", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "text/xml")]
    public async Task Template_that_uses_too_much_or_gets_a_wrong_body_is_ended(string template, string body = "{}", string type = "application/json")
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: $"<set-body template=\"liquid\">{template}</set-body>",
            onError: "<set-header name=\"X-Why\" exists-action=\"override\"><value>@(context.LastError.Source + \" \" + context.LastError.Reason)</value></set-header>",
            options: new EdgeOptions { ExpressionBodyLimit = 1_000_000 });

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror", request => request.Content = new StringContent(body, Encoding.UTF8, type));

        Assert.Equal((HttpStatusCode.InternalServerError, "set-body ExpressionValueEvaluationFailure"), (response.StatusCode, response.Headers.GetValues("X-Why").Single()));
    }

    private static async Task<string> RenderAsync(string template, string body, string type, string attributes = "")
    {
        await using var edge = await PolicyExchange.StartAsync(
            inbound: """<set-variable name="v" value="text" /><set-variable name="j" value="@(new JObject(new JProperty("k", 1)))" />""",
            outbound: $"<set-body template=\"liquid\"{attributes}>{template}</set-body>");

        using var response = await edge.Gateway.SendAsync(HttpMethod.Post, "/a/mirror?q=1", request =>
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
            request.Headers.Add("X-Test", "t");
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync();
    }
}
