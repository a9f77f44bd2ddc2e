using Gateway.Contracts.Results;
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

        Assert.Contains(result.Errors, error => error.Message == "Error in element 'value' on line 3, column 51: The name 'missing' does not exist in the current context.");
        Assert.DoesNotContain(result.Errors, error => error.Message.Contains("canary", StringComparison.Ordinal));
        Assert.Null(await catalog.Properties("/apis/odd"));
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

    private static string SetHeader(string value) =>
        $"""<policies><inbound><set-header name="x" exists-action="override"><value>{value}</value></set-header></inbound></policies>""";
}
