using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Certificates;
using Gateway.Testing.Certificates;

namespace Gateway.Contracts.Tests.Catalog;

public sealed class ResourceKindsTests
{
    [Theory]
    [InlineData("/apis/orders", "apis", "/apis/orders")]
    [InlineData("APIS/Orders/Operations/Get/", "apis/operations", "/apis/Orders/operations/Get")]
    [InlineData("/policies/policy", "policies", "/policies/policy")]
    [InlineData("/apis/a/operations/b/policies/policy", "apis/operations/policies", "/apis/a/operations/b/policies/policy")]
    [InlineData("/products/p/apis/a", "products/apis", "/products/p/apis/a")]
    [InlineData("/gateways/managed/apis/a", "gateways/apis", "/gateways/managed/apis/a")]
    [InlineData("/subscriptions/s", "subscriptions", "/subscriptions/s")]
    public void Match_KnownPath_GivesKindAndCanonicalPath(string path, string kind, string id)
    {
        var match = ResourceKinds.Match(path);

        Assert.Equal((kind, id), (match?.Kind.Name, match?.Id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/apis")]
    [InlineData("/policies/other")]
    [InlineData("/apis/a/b/c/d/e/f/g/h/i")]
    public void Match_UnknownPath_GivesNull(string path) => Assert.Null(ResourceKinds.Match(path));

    public static TheoryData<string, string, string?> Checks => new()
    {
        { "/apis/a", """{"displayName":"A","path":"/a/b/","serviceUrl":"https://x/y"}""", null },
        { "/apis/a", """{"displayName":"A","path":""}""", null },
        { "/apis/a", """{"path":"a"}""", "properties.displayName" },
        { "/apis/a", """{"displayName":"A","path":"a//b"}""", "properties.path" },
        { "/apis/a", """{"displayName":"A","path":"a/../b"}""", "properties.path" },
        { "/apis/a", """{"displayName":"A","path":"a","serviceUrl":"ftp://x"}""", "properties.serviceUrl" },
        { "/apis/a", """{"displayName":"A","path":"a","serviceUrl":"/relative"}""", "properties.serviceUrl" },
        { "/apis/a", """{"displayName":"A","path":"a","serviceUrl":"http://x\r\ny"}""", "properties.serviceUrl" },
        { "/apis/a", """{"displayName":"A","path":"a","protocols":["gopher"]}""", "properties.protocols[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["api.example.com","*.example.com","10.0.0.1","_x.y"]}""", null },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["api.example.com:8080"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["a.b","https://a.b"]}""", "properties.hostnames[1]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["[::1]"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["*"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["a.*.b"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["*a.b"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["a..b"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["-a.b"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["a b"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":[""]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":["a\u0000b\u00fc"]}""", "properties.hostnames[0]" },
        { "/apis/a", """{"displayName":"A","path":"a","hostnames":"a.b"}""", "properties.hostnames" },
        { "/apis/a", $$"""{"displayName":"A","path":"a","hostnames":["{{new string('a', 64)}}.b"]}""", "properties.hostnames[0]" },
        { "/apis/a", $$"""{"displayName":"A","path":"a","hostnames":[{{string.Join(',', Enumerable.Range(0, 51).Select(n => $"\"h{n}\""))}}]}""", "properties.hostnames" },
        { "/apis/a;rev=2", """{"displayName":"A","path":"a"}""", "id" },
        { "/apis/a/operations/o", """{"displayName":"O","method":"get","urlTemplate":"/x/{id}?q={q}"}""", null },
        { "/apis/a/operations/o", """{"displayName":"O","method":"G T","urlTemplate":"/x"}""", "properties.method" },
        { "/apis/a/operations/o", """{"displayName":"O","method":"GET","urlTemplate":"/x-{id}"}""", "properties.urlTemplate" },
        { "/apis/a/operations/o", """{"displayName":"O","method":"GET","urlTemplate":"/x/{id}","templateParameters":[]}""", "properties.templateParameters" },
        { "/apis/a/operations/o", """{"displayName":"O","method":"GET","urlTemplate":"/x","templateParameters":[{"name":"id"}]}""", "properties.templateParameters" },
        { "/apis/a/policies/policy", """{"value":"<policies/>","format":"xml-link"}""", "properties.format" },
        { "/apis/a/policies/policy", """{"format":"xml"}""", "properties.value" },
        { "/namedValues/n", """{"displayName":"a.b-c_1","value":"x"}""", null },
        { "/namedValues/n", """{"displayName":"a b","value":"x"}""", "properties.displayName" },
        { "/namedValues/n", """{"displayName":"a","value":"  "}""", "properties.value" },
        { "/namedValues/n", """{"displayName":"a","secret":true}""", "properties.value" },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"header":{"x-a":["1"]}}}""", null },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"certificateIds":["/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/n/certificates/a"],"certificate":["0123456789abcdefABCDEF0123456789abcdef01"]}}""", null },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"certificateIds":["/certificates/a","/backends/a"]}}""", "properties.credentials.certificateIds[1]" },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"certificate":["01"]}}""", "properties.credentials.certificate[0]" },
        { "/backends/b", """{"url":"http://x","protocol":"http","proxy":{"url":"https://proxy:3128","username":"u","password":"p"}}""", null },
        { "/backends/b", """{"url":"http://x","protocol":"http","proxy":{"username":"u","password":"p"}}""", "properties.proxy.url" },
        { "/backends/b", """{"url":"http://x","protocol":"http","proxy":{"url":"socks5://proxy"}}""", "properties.proxy.url" },
        { "/backends/b", """{"url":"http://x","protocol":"http","proxy":{"url":"http://u:p@proxy"}}""", "properties.proxy.url" },
        { "/backends/b", """{"url":"http://x","protocol":"http","proxy":{"url":"http://proxy","username":"u"}}""", "properties.proxy" },
        { "/backends/b", """{"url":"ws://x","protocol":"http"}""", "properties.url" },
        { "/backends/b", """{"protocol":"http"}""", "properties.url" },
        { "/backends/b", """{"url":"http://x"}""", "properties.protocol" },
        { "/backends/b", """{"url":"http://x","protocol":"http","pool":{"services":[{"id":"/backends/a"}]}}""", "properties.pool" },
        { "/backends/b", """{"type":"pool","pool":{"services":[{"id":"/backends/a","priority":1,"weight":50},{"id":"c"}]}}""", "properties.pool.services[1].id" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/n/backends/a"}]}}""", null },
        { "/backends/b", """{"type":"Pool","pool":{"services":[]}}""", "properties.pool.services" },
        { "/backends/b", """{"type":"Pool"}""", "properties.pool.services" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/a"}],"sessionAffinity":{"sessionId":{"source":"cookie","name":"s"}}}}""", null },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/a"}],"sessionAffinity":{}}}""", "properties.pool.sessionAffinity.sessionId" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/a"}],"sessionAffinity":{"sessionId":{"name":"a b"}}}}""", "properties.pool.sessionAffinity.sessionId.name" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/a"}],"sessionAffinity":{"sessionId":{"source":"header","name":"s"}}}}""", "properties.pool.sessionAffinity.sessionId.source" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/b"}]}}""", "properties.pool.services" },
        { "/backends/b", """{"type":"Pool","pool":{"services":[{"id":"/backends/a","weight":101}]}}""", "properties.pool.services[0].weight" },
        { "/backends/b", """{"url":"http://x","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"count":3,"interval":"PT1M","statusCodeRanges":[{"min":500,"max":599}],"errorReasons":["Timeout"]},"tripDuration":"PT30S","acceptRetryAfter":true}]}}""", null },
        { "/backends/b", """{"url":"http://x","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"interval":"PT1M"},"tripDuration":"PT30S"}]}}""", "properties.circuitBreaker.rules[0].failureCondition" },
        { "/backends/b", """{"url":"http://x","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"count":1,"percentage":1,"interval":"PT1M"},"tripDuration":"PT30S"}]}}""", "properties.circuitBreaker.rules[0].failureCondition" },
        { "/backends/b", """{"url":"http://x","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"count":1,"interval":"1 minute"},"tripDuration":"PT30S"}]}}""", "properties.circuitBreaker.rules[0].failureCondition.interval" },
        { "/backends/b", """{"url":"http://x","protocol":"http","circuitBreaker":{"rules":[{"name":"r","failureCondition":{"count":1,"interval":"PT1M"},"tripDuration":"P2D"}]}}""", "properties.circuitBreaker.rules[0].tripDuration" },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"header":{"x a":["1"]}}}""", "properties.credentials.header.x a" },
        { "/backends/b", """{"url":"http://x","protocol":"http","credentials":{"header":{"x":["1\n2"]}}}""", "properties.credentials.header.x[0]" },
        { "/subscriptions/s", """{"displayName":"S","scope":"/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/products/p"}""", null },
        { "/subscriptions/s", """{"displayName":"S","scope":"/users/1"}""", "properties.scope" },
        { "/subscriptions/s", """{"displayName":"S","scope":"/apis","primaryKey":"a b"}""", "properties.primaryKey" },
        { "/subscriptions/s", """{"displayName":"S","scope":"/apis","primaryKey":""}""", "properties.primaryKey" },
        { "/policyFragments/f", """{"value":"<fragment/>","description":"d"}""", null },
        { "/policyFragments/f", """{"format":"rawxml"}""", "properties.value" },
        { "/certificates/c", "{}", "properties.data" },
        { "/certificates/c", """{"data":"no base64!"}""", "properties.data" },
        { "/certificates/c", """{"data":"AAAA"}""", "properties.data" },
        { "/certificates/c", """{"data":"-----BEGIN CERTIFICATE-----\nAAAA"}""", "properties.data" },
        { "/caches/c", """{"connectionString":"{{redis}},ssl=true","useFromLocation":"default","description":"d"}""", null },
        { "/caches/c", """{"connectionString":"r:1"}""", "properties.useFromLocation" },
        { "/caches/c", """{"connectionString":"","useFromLocation":"default"}""", "properties.connectionString" },
        { "/loggers/l", """{"loggerType":"file","credentials":{"name":"{{n}}"},"isBuffered":false}""", null },
        { "/loggers/l", """{"loggerType":"carrierPigeon"}""", "properties.loggerType" },
        { "/apis/a/schemas/s", """{"contentType":"application/json","document":{"value":"{}"}}""", null },
        { "/apis/a/schemas/s", """{"contentType":"application/json","document":{"components":{}}}""", null },
        { "/apis/a/schemas/s", """{"contentType":"application/json","document":{}}""", "properties.document" },
        { "/apis/a/schemas/s", """{"contentType":"application/json","document":{"value":"{}","definitions":{}}}""", "properties.document" },
        { "/apis/a/schemas/s", """{"contentType":"application/json","document":{"definitions":[]}}""", "properties.document.definitions" },
        { "/schemas/s", """{"schemaType":"json","document":{"type":"object"}}""", null },
        { "/schemas/s", """{"schemaType":"json","value":"{}"}""", null },
        { "/schemas/s", """{"schemaType":"json","value":"{"}""", "properties.value" },
        { "/schemas/s", """{"schemaType":"json","document":[]}""", "properties.document" },
        { "/schemas/s", """{"schemaType":"json"}""", "properties.document" },
        { "/schemas/s", """{"schemaType":"json","value":"{}","document":{}}""", "properties.document" },
        { "/schemas/s", """{"schemaType":"xml","value":"<xs:schema/>"}""", null },
        { "/schemas/s", """{"schemaType":"xml"}""", "properties.value" },
        { "/schemas/s", """{"schemaType":"xml","value":"<a/>","document":{}}""", "properties.document" },
        { "/gateways/g", """{"locationData":{}}""", "properties.locationData.name" },
        { "/products/p", """{"displayName":5}""", "properties.displayName" },
    };

    [Theory]
    [MemberData(nameof(Checks))]
    public void ReadAndCheck_Properties_BlameTheRightOne(string path, string json, string? target)
    {
        var (_, errors) = Read(path, json);

        Assert.Equal(target is null ? [] : [target], errors.Select(error => error.Target));
    }

    public static IEnumerable<object[]> CertificateForms { get; } =
        from form in new[] { "pfx", "pfx with password", "cer", "pem", "pem without key", "pem with password", "pem in base64" }
        from algorithm in new[] { "RSA", "ECDSA" }
        select new object[] { form, algorithm };

    [Theory]
    [MemberData(nameof(CertificateForms))]
    public void Certificate_EveryForm_IsReadAndDescribed(string form, string algorithm)
    {
        using var certificate = TestCertificates.Make("CN=" + form, algorithm);
        var (data, password) = TestCertificates.Write(certificate, form);

        var (draft, errors) = Read("/certificates/c", new JsonObject { ["data"] = data, ["password"] = password }.ToJsonString());

        Assert.Empty(errors);
        Assert.Equal((certificate.Thumbprint, "CN=" + form), (draft.Text("thumbprint"), draft.Text("subject")));
        Assert.Equal("2040-01-02T03:04:05Z", draft.Text("expirationDate"));
        using var loaded = CertificateContent.Load(data, password).Value!;
        Assert.Equal(form is not ("cer" or "pem without key"), loaded.HasPrivateKey);
    }

    [Theory]
    [InlineData("pfx with password")]
    [InlineData("pem with password")]
    public void Certificate_WrongPassword_IsRefusedWithoutTellingIt(string form)
    {
        using var certificate = TestCertificates.Make("CN=x", "RSA");
        var (data, _) = TestCertificates.Write(certificate, form);

        var (_, errors) = Read("/certificates/c", new JsonObject { ["data"] = data, ["password"] = "canary" }.ToJsonString());

        var error = Assert.Single(errors);
        Assert.Equal("properties.data", error.Target);
        Assert.DoesNotContain("canary", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("API.Example.COM", "api.example.com")]
    [InlineData("*.B\u00fccher.example", "*.xn--bcher-kva.example")]
    [InlineData("\u4f8b\u3048.jp", "xn--r8jz45g.jp")]
    public void Api_Hostname_IsKeptInLowerCaseAndAscii(string name, string kept)
    {
        var (draft, errors) = Read("/apis/a", $$"""{"displayName":"A","path":"a","hostnames":["{{name}}"]}""");

        Assert.Empty(errors);
        Assert.Equal(kept, draft.Properties["hostnames"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("null", "null", true)]
    [InlineData("[]", "null", true)]
    [InlineData("""["a.b","c.d"]""", """["C.D"]""", true)]
    [InlineData("""["*.b"]""", """["*.b"]""", true)]
    [InlineData("""["a.b"]""", """["a.c"]""", false)]
    [InlineData("""["a.b"]""", """["*.b"]""", false)]
    [InlineData("""["a.b"]""", "null", false)]
    public void Api_PathOfAnother_IsRefusedOnTheSameHostOnly(string hostnames, string others, bool isRefused)
    {
        var mine = Names(hostnames);
        var theirs = Names(others);

        Assert.Equal(isRefused, mine.Intersect(theirs).Any());

        static string[] Names(string hostnames)
        {
            var (draft, _) = Read("/apis/a", $$"""{"displayName":"A","path":"Shop","hostnames":{{hostnames}}}""");
            return [.. ResourceKinds.Match("/apis/a")!.Kind.UniqueNames(draft).Select(name => name.Name)];
        }
    }

    [Fact]
    public void Subscription_WithoutKeys_GetsRandomOnes()
    {
        var (first, _) = Read("/subscriptions/s", """{"displayName":"S","scope":"/apis"}""");
        var (second, _) = Read("/subscriptions/s", """{"displayName":"S","scope":"/apis"}""");

        Assert.Matches("^[0-9a-f]{32}$", first.Text("primaryKey"));
        Assert.Equal(4, new[] { first.Text("primaryKey"), first.Text("secondaryKey"), second.Text("primaryKey"), second.Text("secondaryKey") }.Distinct().Count());
    }

    [Fact]
    public void Subscription_FullArmScope_IsShortened() =>
        Assert.Equal("/products/P", Read("/subscriptions/s", """{"displayName":"S","scope":"/subscriptions/1/resourceGroups/g/providers/Microsoft.ApiManagement/service/x/Products/P"}""").Draft.Text("scope"));

    [Theory]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"\udc00":1}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("""{"a":1} x""")]
    public void JsonText_MalformedObject_IsRefused(string json) =>
        Assert.Single(JsonText.ParseObject(Encoding.UTF8.GetBytes(json)).Errors);

    [Fact]
    public void JsonText_NestedTooDeep_IsRefused() =>
        Assert.Single(JsonText.ParseObject(Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 100) + new string(']', 100) + "}")).Errors);

    private static (ResourceDraft Draft, IReadOnlyList<Results.GatewayError> Errors) Read(string path, string json)
    {
        var match = ResourceKinds.Match(path)!;
        var reading = new SchemaReading();
        var properties = match.Kind.Properties.Read(JsonNode.Parse(json)!, "properties", reading)!.AsObject();
        var draft = new ResourceDraft(match.Id, properties, IsNew: true, DateTimeOffset.UnixEpoch);
        if (reading.Errors.IsEmpty)
        {
            match.Kind.Complete(draft);
            match.Kind.Check(draft, reading.Errors);
        }

        return (draft, reading.Errors.ToArray());
    }
}
