using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Testing.Certificates;
using Gateway.Testing.Stores;
using static Gateway.Grains.Tests.Catalog.Changes;

namespace Gateway.Grains.Tests.Catalog;

public sealed class PolicyCommitTests(CatalogClusters clusters) : IClassFixture<CatalogClusters>
{
    [Theory, StoreData]
    public async Task Policy_WithErrors_IsRefusedWithElementLineAndColumn(string store)
    {
        var catalog = await clusters.Get(store);

        var result = await catalog.Submit(Api("broken"), Policy("/apis/broken", "<policies>\n  <inbound>\n    <no-such-policy />\n  </inbound>\n</policies>"));

        var error = Assert.Single(result.Errors);
        Assert.Equal((ErrorKind.ValidationError, 1, "no-such-policy"), (error.Code, error.Index!.Value, error.Target));
        Assert.StartsWith("Error in element 'no-such-policy' on line 3, column ", error.Message, StringComparison.Ordinal);
        Assert.Null(await catalog.Properties("/apis/broken"));
    }

    [Theory, StoreData]
    public async Task Policy_WithExpressionThatDoesNotCompile_IsRefusedWhereItsAuthorSeesTheMistake(string store)
    {
        var catalog = await clusters.Get(store);

        var result = await catalog.Submit(
            Api("odd"),
            NamedValue("odd-key", "canary(", secret: true),
            Policy("/apis/odd", "<policies>\n  <inbound>\n    <set-header name=\"A\"><value>@(\"{{odd-key}}\" + missing)</value></set-header>\n  </inbound>\n</policies>"));

        Assert.Contains(result.Errors, error => error.Message == "Error in element 'value' on line 3, column 51: The name 'missing' does not exist in the current context. (in policies/inbound/set-header/value)");
        Assert.DoesNotContain(result.Errors, error => error.Message.Contains("canary", StringComparison.Ordinal));
        Assert.Null(await catalog.Properties("/apis/odd"));
    }

    [Theory, StoreData]
    public async Task Policy_WithMistakesOfEveryKind_IsToldAllAtOnce(string store)
    {
        var catalog = await clusters.Get(store);
        const string Document = """
            <policies>
              <inbound>
                <set-heder name="A" />
                <set-status code="many" />
                <set-variable name="v" value="@(missing)" />
                <set-variable name="w" value="@(known + "{{all-unknown}}")" />
                <set-header name="B"><value>{{all-unknown}}</value></set-header>
                <set-backend-service backend-id="all-unknown" />
                <include-fragment fragment-id="all-unknown" />
                <choose><when condition="@("text")"><set-method>GET</set-method></when></choose>
              </inbound>
            </policies>
            """;

        var result = await catalog.Submit(Api("all-at-once"), Policy("/apis/all-at-once", Document));

        Assert.Equal(
            ["3, column 6", "4, column 6", "4, column 17", "5, column 37", "6, column 46", "8, column 6", "9, column 23", "10, column 19"],
            result.Errors.Select(error => System.Text.RegularExpressions.Regex.Match(error.Message, @"on line (\d+, column \d+):").Groups[1].Value).Order(System.Collections.Generic.Comparer<string>.Create(
                (one, other) => (int.Parse(one.Split(',')[0]), int.Parse(one.Split(' ')[^1])).CompareTo((int.Parse(other.Split(',')[0]), int.Parse(other.Split(' ')[^1]))))));
        Assert.Contains(result.Errors, error => error.Message.Contains("'/backends/all-unknown' does not exist", StringComparison.Ordinal));
    }

    [Theory, StoreData]
    public async Task Policy_UnknownNamedValueOrBackend_IsRefused(string store)
    {
        var catalog = await clusters.Get(store);

        var namedValue = await catalog.Submit(Api("unknown"), Policy("/apis/unknown", SetHeader("{{unknown-value}}")));
        var backend = await catalog.Submit(Api("unknown"), Policy("/apis/unknown", """<policies><inbound><set-backend-service backend-id="unknown" /></inbound></policies>"""));

        Assert.Contains("unknown-value", Assert.Single(namedValue.Errors).Message, StringComparison.Ordinal);
        Assert.Contains("/backends/unknown", Assert.Single(backend.Errors).Message, StringComparison.Ordinal);
    }

    [Theory, StoreData]
    public async Task NamedValue_InUse_CanChangeButNotGoOrBreakADocument(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Policy("/apis/using", """<policies><inbound><return-response><set-status code="{{using-code}}" /></return-response></inbound></policies>"""),
            Api("using"),
            NamedValue("using-code", "200"));

        await catalog.Commit(NamedValue("using-code", "404", secret: true));
        var breaking = await catalog.Submit(NamedValue("using-code", "canary-not-a-status", secret: true));
        var deleting = await catalog.Submit(Delete("/namedValues/using-code"));
        var renaming = await catalog.Submit(Patch("/namedValues/using-code", """{"displayName":"other"}"""));

        Assert.StartsWith("The policy '/apis/using/policies/policy' would no longer be correct. Error in element 'set-status'", Assert.Single(breaking.Errors).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", breaking.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Conflict, Assert.Single(deleting.Errors).Code);
        Assert.Equal(ErrorKind.Conflict, Assert.Single(renaming.Errors).Code);
        await catalog.Commit(Delete("/apis/using"), Delete("/namedValues/using-code"));
    }

    [Theory, StoreData]
    public async Task Backend_InUse_CannotGo(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Api("backed"),
            Put("/backends/backed", """{"url":"http://x","protocol":"http"}"""),
            Policy("/apis/backed", """<policies><inbound><set-backend-service backend-id="backed" /></inbound></policies>"""));

        Assert.Equal(ErrorKind.Conflict, Assert.Single((await catalog.Submit(Delete("/backends/backed"))).Errors).Code);
    }

    [Theory, StoreData]
    public async Task Policy_UnknownReference_IsRefusedWithItsPlace(string store)
    {
        var catalog = await clusters.Get(store);

        var fragment = await catalog.Submit(Api("lonely"), Policy("/apis/lonely", "<policies>\n<inbound><include-fragment fragment-id=\"nowhere\" /></inbound></policies>"));
        var backend = await catalog.Submit(Api("lonely"), Policy("/apis/lonely", "<policies>\n<inbound><set-backend-service backend-id=\"nowhere\" /></inbound></policies>"));

        Assert.Equal("Error in element 'include-fragment' on line 2, column 28: There is no policy fragment 'nowhere'. (in policies/inbound/include-fragment)", Assert.Single(fragment.Errors).Message);
        Assert.Equal("Error in element 'set-backend-service' on line 2, column 11: The resource '/backends/nowhere' does not exist.", Assert.Single(backend.Errors).Message);
    }

    [Theory, StoreData]
    public async Task Fragment_InUse_CanChangeButNotGoOrBreakADocument(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Policy("/apis/including", """<policies><inbound><include-fragment fragment-id="{{including-prefix}}-f" /></inbound></policies>"""),
            Api("including"),
            NamedValue("including-prefix", "including"),
            NamedValue("including-value", "1"),
            Fragment("including-f", SetHeaderElement("{{including-value}}")));

        await catalog.Commit(Fragment("including-f", SetHeaderElement("other")));
        var breaking = await catalog.Submit(Fragment("including-f", "<forward-request />"));
        var deleting = await catalog.Submit(Delete("/policyFragments/including-f"));

        Assert.StartsWith("The policy '/apis/including/policies/policy' would no longer be correct. Error in element 'include-fragment'", Assert.Single(breaking.Errors).Message, StringComparison.Ordinal);
        Assert.Contains("In the policy fragment 'including-f', element 'forward-request' on line 1, column 12:", breaking.Errors[0].Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Conflict, Assert.Single(deleting.Errors).Code);
        await catalog.Commit(Delete("/namedValues/including-value"));
        await catalog.Commit(Delete("/apis/including"), Delete("/policyFragments/including-f"), Delete("/namedValues/including-prefix"));
    }

    [Theory, StoreData]
    public async Task Fragment_WithNamedValue_KeepsTheDocumentsThatIncludeItCorrect(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(
            Api("inherits"),
            NamedValue("inherits-code", "200"),
            Fragment("inherits-f", """<return-response><set-status code="{{inherits-code}}" /></return-response>"""),
            Policy("/apis/inherits", """<policies><inbound><include-fragment fragment-id="inherits-f" /></inbound></policies>"""));

        var breaking = await catalog.Submit(NamedValue("inherits-code", "none"));

        Assert.Equal(2, breaking.Errors.Length);
        Assert.Contains(breaking.Errors, error => error.Message.Contains("'/policyFragments/inherits-f' would no longer be correct", StringComparison.Ordinal));
        Assert.Contains(breaking.Errors, error => error.Message.Contains("'/apis/inherits/policies/policy' would no longer be correct", StringComparison.Ordinal));
        await catalog.Commit(Delete("/apis/inherits"), Delete("/policyFragments/inherits-f"), Delete("/namedValues/inherits-code"));
    }

    [Theory, StoreData]
    public async Task Fragment_Alone_IsChecked(string store)
    {
        var catalog = await clusters.Get(store);

        var broken = await catalog.Submit(Fragment("alone", "<no-such-policy />"));
        var nested = await catalog.Submit(Fragment("alone", """<include-fragment fragment-id="alone" />"""));
        var document = await catalog.Submit(Put("/policyFragments/alone", """{"value":"<policies />"}"""));

        Assert.StartsWith("Error in element 'no-such-policy' on line 1, column 12:", Assert.Single(broken.Errors).Message, StringComparison.Ordinal);
        Assert.Contains("may not include another one", Assert.Single(nested.Errors).Message, StringComparison.Ordinal);
        Assert.Contains("must be 'fragment'", Assert.Single(document.Errors).Message, StringComparison.Ordinal);
    }

    [Theory, StoreData]
    public async Task Certificate_Answer_DescribesItAndHoldsNoSecret(string store)
    {
        var catalog = await clusters.Get(store);
        using var certificate = TestCertificates.Make("CN=stored");
        var (data, password) = TestCertificates.Write(certificate, "pfx with password");

        await catalog.Commit(Put("/certificates/stored", new JsonObject { ["data"] = data, ["password"] = password }.ToJsonString()));

        var properties = (await catalog.Properties("/certificates/stored"))!;
        Assert.Equal(certificate.Thumbprint, (string?)properties["thumbprint"]);
        Assert.Equal(["expirationDate", "subject", "thumbprint"], properties.Select(property => property.Key).Order());
        await catalog.Commit(Put("/certificates/stored", "{}"));
        Assert.Equal(certificate.Thumbprint, (string?)(await catalog.Properties("/certificates/stored"))!["thumbprint"]);
    }

    [Theory, StoreData]
    public async Task Try_ChangeSet_SaysWhatSubmitWouldAndWritesNothing(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Api("tried"));

        var right = await catalog.Try(Policy("/apis/tried", SetHeader("1")));
        var wrong = await catalog.Try(Policy("/apis/tried", "<policies><other /></policies>"));

        Assert.Equal(ChangeOutcome.Created, Assert.Single(right.Value!.Changes).Outcome);
        Assert.Equal("Error in element 'other' on line 1, column 12: The element 'other' may not stand in 'policies'. (in policies/other)", Assert.Single(wrong.Errors).Message);
        Assert.Null(await catalog.Properties("/apis/tried/policies/policy"));
    }

    [Theory, StoreData]
    public async Task Try_Nothing_ChecksEveryStoredDocument(string store)
    {
        var catalog = await clusters.Get(store);
        await catalog.Commit(Api("stored"), Policy("/apis/stored", SetHeader("1")), Fragment("stored-f", SetHeaderElement("1")));

        Assert.Empty((await catalog.Try()).Value!.Changes);
    }

    private static Change Fragment(string id, string policies) =>
        Put($"/policyFragments/{id}", new JsonObject { ["format"] = "rawxml", ["value"] = $"<fragment>{policies}</fragment>" }.ToJsonString());

    private static string SetHeaderElement(string value) => $"""<set-header name="x" exists-action="override"><value>{value}</value></set-header>""";

    private static string SetHeader(string value) =>
        $"""<policies><inbound><set-header name="x" exists-action="override"><value>{value}</value></set-header></inbound></policies>""";
}
