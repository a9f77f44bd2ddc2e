using Gateway.Cli.Apply;

namespace Gateway.Cli.Tests.Apply;

public sealed class FolderReaderTests
{
    private const string Properties = """{"properties":{"displayName":"x"}}""";

    [Theory]
    [InlineData("named values/n/namedValueInformation.json", "/namedValues/n")]
    [InlineData("backends/b/backendInformation.json", "/backends/b")]
    [InlineData("caches/c/cacheInformation.json", "/caches/c")]
    [InlineData("loggers/l/loggerInformation.json", "/loggers/l")]
    [InlineData("apis/a/apiInformation.json", "/apis/a")]
    [InlineData("products/p/productInformation.json", "/products/p")]
    [InlineData("products/p/apis/a/productApiInformation.json", "/products/p/apis/a")]
    [InlineData("gateways/g/gatewayInformation.json", "/gateways/g")]
    [InlineData("gateways/managed/apis/a/gatewayApiInformation.json", "/gateways/managed/apis/a")]
    [InlineData("subscriptions/s/subscriptionInformation.json", "/subscriptions/s")]
    public void Read_InformationFile_BecomesAResource(string file, string id)
    {
        using var folder = new TemporaryFolder().With(file, Properties);

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Errors);
        Assert.Empty(content.Warnings);
        var change = Assert.Single(content.Changes);
        Assert.Equal((id, file, "x"), (change.Id, change.File, (string?)change.Properties["displayName"]));
    }

    [Theory]
    [InlineData("policy.xml", "/policies/policy")]
    [InlineData("apis/a/policy.xml", "/apis/a/policies/policy")]
    [InlineData("apis/a/operations/get/policy.xml", "/apis/a/operations/get/policies/policy")]
    [InlineData("products/p/policy.xml", "/products/p/policies/policy")]
    public void Read_PolicyFile_BecomesARawPolicy(string file, string id)
    {
        using var folder = new TemporaryFolder().With(file, "<policies />");

        var change = Assert.Single(FolderReader.Read(folder.Path).Changes);

        Assert.Equal((id, file), (change.Id, change.File));
        Assert.Equal("""{"format":"rawxml","value":"<policies />"}""", change.Properties.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("{}", null)]
    [InlineData("""{"properties":{"description":"d"}}""", "d")]
    public void Read_PolicyFragment_IsItsDocumentWithItsInformation(string? information, string? description)
    {
        using var folder = new TemporaryFolder().With("policy fragments/f/policy.xml", "<fragment />");
        if (information is not null)
        {
            folder.With("policy fragments/f/policyFragmentInformation.json", information);
        }

        var content = FolderReader.Read(folder.Path);

        var change = Assert.Single(content.Changes);
        Assert.Empty(content.Warnings);
        Assert.Equal(("/policyFragments/f", "policy fragments/f/policy.xml"), (change.Id, change.File));
        Assert.Equal(("rawxml", "<fragment />", description), ((string?)change.Properties["format"], (string?)change.Properties["value"], (string?)change.Properties["description"]));
    }

    [Fact]
    public void Read_PolicyFragmentWithoutDocument_IsAnError()
    {
        using var folder = new TemporaryFolder().With("policy fragments/f/policyFragmentInformation.json", Properties);

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Changes);
        Assert.Equal("policy fragments/f/policy.xml", Assert.Single(content.Errors).File);
    }

    [Theory]
    [InlineData("specification.yaml", "openapi: 3.0.3", "openapi")]
    [InlineData("specification.yml", "openapi: 3.0.3", "openapi")]
    [InlineData("specification.json", """{"openapi":"3.0.3"}""", "openapi+json")]
    [InlineData("specification.json", """{"swagger":"2.0"}""", "swagger-json")]
    [InlineData("specification.json", "{ broken", "openapi+json")]
    public void Read_Specification_TravelsWithItsApi(string file, string text, string format)
    {
        using var folder = new TemporaryFolder().With("apis/a/apiInformation.json", Properties).With($"apis/a/{file}", text);

        var change = Assert.Single(FolderReader.Read(folder.Path).Changes);

        Assert.Equal((format, text), ((string?)change.Properties["format"], (string?)change.Properties["value"]));
        Assert.Equal("apis/a/apiInformation.json", change.FileOf("properties.path"));
        Assert.Equal($"apis/a/{file}", change.FileOf("properties.value"));
        Assert.Equal($"apis/a/{file}", change.FileOf("#/paths/~1pets"));
    }

    [Theory]
    [InlineData("groups/g/groupInformation.json", "groups")]
    [InlineData("version sets/v/versionSetInformation.json", "version sets")]
    [InlineData("apis/a/diagnostics/d/diagnosticInformation.json", "apis/a/diagnostics")]
    [InlineData("products/p/groups/g/productGroupInformation.json", "products/p/groups")]
    [InlineData("apis/a;rev=2/apiInformation.json", "apis/a;rev=2")]
    [InlineData("apis/a/notes.txt", "apis/a/notes.txt")]
    [InlineData("apis/stray.json", "apis/stray.json")]
    [InlineData("configuration.prod.yaml", "configuration.prod.yaml")]
    public void Read_WhatIsNotSupported_IsNamed(string file, string named)
    {
        using var folder = new TemporaryFolder().With(file, "{}");

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Changes);
        Assert.StartsWith(named + ":", Assert.Single(content.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData(".git/config")]
    [InlineData("apis/a/.hidden")]
    public void Read_NotesAndHiddenFiles_AreNoConcern(string file)
    {
        using var folder = new TemporaryFolder().With(file, "x");

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Changes);
        Assert.Empty(content.Warnings);
        Assert.Empty(content.Errors);
    }

    [Theory]
    [InlineData("apis/a/apiInformation.json", "{ broken", "not JSON")]
    [InlineData("apis/a/apiInformation.json", "[]", "properties")]
    [InlineData("apis/a/apiInformation.json", "{}", "properties")]
    [InlineData("apis/a/apiInformation.json", """{"properties":{"path":"a","path":"b"}}""", "not JSON")]
    [InlineData("apis/a/specification.yaml", "openapi: 3.0.3", "apiInformation.json")]
    public void Read_WrongContent_IsAnErrorOfItsFile(string file, string text, string says)
    {
        using var folder = new TemporaryFolder().With(file, text);

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Changes);
        var error = Assert.Single(content.Errors);
        Assert.Equal(file, error.File);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TwoSpecifications_AreAnError()
    {
        using var folder = new TemporaryFolder()
            .With("apis/a/apiInformation.json", Properties)
            .With("apis/a/specification.json", "{}")
            .With("apis/a/specification.yaml", "x");

        Assert.Contains("more than one", Assert.Single(FolderReader.Read(folder.Path).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnsupportedSpecification_IsAWarning()
    {
        using var folder = new TemporaryFolder().With("apis/a/apiInformation.json", Properties).With("apis/a/specification.wsdl", "<x/>");

        var content = FolderReader.Read(folder.Path);

        Assert.False(Assert.Single(content.Changes).Properties.ContainsKey("value"));
        Assert.StartsWith("apis/a/specification.wsdl:", Assert.Single(content.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EmptyLinkFile_IsALink()
    {
        using var folder = new TemporaryFolder().With("products/p/apis/a/productApiInformation.json", "{}");

        Assert.Empty(Assert.Single(FolderReader.Read(folder.Path).Changes).Properties);
    }

    [Fact]
    public void Read_FilesThatAreTooLarge_AreErrors()
    {
        using var folder = new TemporaryFolder()
            .With("apis/a/policy.xml", new string('x', 11))
            .With("apis/b/apiInformation.json", Properties)
            .With("apis/b/specification.yaml", new string('x', 101));

        var content = FolderReader.Read(folder.Path, new FolderLimits { FileBytes = 10, SpecificationBytes = 100 });

        Assert.Equal(["apis/a/policy.xml", "apis/b/apiInformation.json"], content.Errors.Select(error => error.File));
    }

    [Fact]
    public void Read_TooMuchTogetherOrTooManyEntries_IsAnError()
    {
        using var folder = new TemporaryFolder().With("apis/a/policy.xml", "12345678").With("apis/b/policy.xml", "12345678");

        Assert.Contains("together", Assert.Single(FolderReader.Read(folder.Path, new FolderLimits { TotalBytes = 10 }).Errors).Message, StringComparison.Ordinal);
        Assert.Contains(
            FolderReader.Read(folder.Path, new FolderLimits { Entries = 3 }).Errors,
            error => error.Message.Contains("more than 3 entries", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("outside")]
    [InlineData("nowhere")]
    public void Read_LinkOutOfTheFolder_IsNotFollowed(string target)
    {
        using var outside = new TemporaryFolder().With("outside/apiInformation.json", Properties);
        using var folder = new TemporaryFolder().With("apis/README.md", "x");
        Directory.CreateSymbolicLink(folder.In("apis/evil"), outside.In(target));

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Changes);
        Assert.Equal("apis/evil", Assert.Single(content.Errors).File);
    }

    [Fact]
    public void Read_LinkThatLeavesThroughAnotherLink_IsNotFollowed()
    {
        using var outside = new TemporaryFolder().With("secret/apiInformation.json", Properties);
        using var folder = new TemporaryFolder().With("apis/README.md", "x");
        Directory.CreateSymbolicLink(folder.In(".door"), outside.Path);
        Directory.CreateSymbolicLink(folder.In("apis/evil"), "../.door/secret");

        Assert.Equal("apis/evil", Assert.Single(FolderReader.Read(folder.Path).Errors).File);
    }

    [Fact]
    public void Read_MountedVolumeOfLinks_IsRead()
    {
        using var folder = new TemporaryFolder().With("..2026/policy.xml", "<policies />");
        Directory.CreateSymbolicLink(folder.In("..data"), "..2026");
        File.CreateSymbolicLink(folder.In("policy.xml"), "..data/policy.xml");

        var content = FolderReader.Read(folder.Path);

        Assert.Empty(content.Errors);
        Assert.Equal("/policies/policy", Assert.Single(content.Changes).Id);
    }

    [Fact]
    public void Read_TheSample_IsComplete()
    {
        var content = FolderReader.Read(Path.Combine(AppContext.BaseDirectory, "samples", "petstore"));

        Assert.Empty(content.Errors);
        Assert.Empty(content.Warnings);
        Assert.Equal(
            ["/namedValues/petstore-greeting", "/backends/petstore", "/apis/petstore", "/apis/petstore/policies/policy",
                "/products/petstore", "/products/petstore/apis/petstore", "/subscriptions/sample"],
            content.Changes.Select(change => change.Id));
        Assert.DoesNotContain(content.Changes, change => change.Properties.ContainsKey("primaryKey"));
    }
}
