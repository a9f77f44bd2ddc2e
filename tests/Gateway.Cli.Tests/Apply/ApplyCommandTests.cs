using Gateway.Cli.Tests.Management;
using Gateway.Hosting.Running;

namespace Gateway.Cli.Tests.Apply;

public sealed class ApplyCommandTests
{
    private const string Committed = """{"version":7,"changes":[{"id":"/apis/a","outcome":"created"},{"id":"/apis/a/policies/policy","outcome":"unchanged"}]}""";

    private const string Refused = """
        {"error":{"code":"ValidationError","message":"One or more fields contain incorrect values:","details":[
          {"code":"ValidationError","target":"changes[0].properties.path","message":"The path is taken."},
          {"code":"ValidationError","target":"changes[0].properties.value","message":"Line 3: not OpenAPI."},
          {"code":"ValidationError","target":"changes[1]","message":"Line 1, column 2: unknown policy."}]}}
        """;

    [Fact]
    public async Task Apply_Folder_IsOneChangeSet()
    {
        using var folder = Folder();
        await using var server = await FakeManagement.StartAsync(200, Committed, "colour");

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal(ExitCodes.Done, run.Code);
        Assert.Equal("created /apis/a\n1 created, 0 updated, 1 unchanged, 0 deleted; catalog version 7.\n", run.Result);
        Assert.Contains("warning: groups:", run.Messages, StringComparison.Ordinal);
        Assert.Contains("ignored: colour", run.Messages, StringComparison.Ordinal);
        Assert.Equal("Bearer s3cret", server.Authorization);
        Assert.EndsWith("/service/gateway/changes?api-version=2024-05-01", server.Path, StringComparison.Ordinal);
        Assert.Equal(
            ["put /apis/a", "put /apis/a/policies/policy"],
            server.Body!["changes"]!.AsArray().Select(change => $"{change!["op"]} {change["id"]}"));
    }

    [Fact]
    public async Task Apply_MoreThanAChangeSetHolds_IsSentInSeveral_WhichIsSaid()
    {
        using var folder = LargeFolder();
        await using var server = await FakeManagement.StartAsync(200, """{"version":7,"changes":[{"id":"/x","outcome":"created"}]}""");

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal("created /x\ncreated /x\n2 created, 0 updated, 0 unchanged, 0 deleted; catalog version 7.\n", run.Result);
        Assert.Contains("it is sent in 2 change sets", run.Messages, StringComparison.Ordinal);
        Assert.Equal("/apis/b", (string?)Assert.Single(server.Body!["changes"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task Apply_RefusalOfALaterChangeSet_NamesItsFiles_AndSaysThatTheOthersAreInForce()
    {
        using var folder = LargeFolder();
        await using var server = await FakeManagement.StartAsync(200, """{"version":7,"changes":[{"id":"/x","outcome":"created"}]}""");
        server.Afterwards = (400, Refused);

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal((ExitCodes.Refused, ""), (run.Code, run.Result));
        Assert.Contains("folder/apis/b/apiInformation.json: properties.path: The path is taken.\n", run.Messages, StringComparison.Ordinal);
        Assert.Contains("in change set 2 of 2; what was sent before it is in force", run.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was changed", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_Refusal_NamesTheFiles()
    {
        using var folder = Folder();
        await using var server = await FakeManagement.StartAsync(400, Refused);

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal((ExitCodes.Refused, ""), (run.Code, run.Result));
        var path = folder.In("folder");
        Assert.Contains($"{path}/apis/a/apiInformation.json: properties.path: The path is taken.\n", run.Messages, StringComparison.Ordinal);
        Assert.Contains($"{path}/apis/a/specification.yaml: properties.value: Line 3: not OpenAPI.\n", run.Messages, StringComparison.Ordinal);
        Assert.Contains($"{path}/apis/a/policy.xml: Line 1, column 2: unknown policy.\n", run.Messages, StringComparison.Ordinal);
        Assert.Contains("3 errors; nothing was changed", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_BrokenFile_IsRefusedWithoutAskingTheServer()
    {
        using var folder = Folder().With("folder/backends/b/backendInformation.json", "{");
        await using var server = await FakeManagement.StartAsync(200, Committed);

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal(ExitCodes.Refused, run.Code);
        Assert.Contains("folder/backends/b/backendInformation.json: The file is not JSON", run.Messages, StringComparison.Ordinal);
        Assert.Null(server.Path);
    }

    [Theory]
    [InlineData(401, "{}", ExitCodes.Refused, "does not accept the admin token")]
    [InlineData(503, """{"error":{"code":"ServiceUnavailable","message":"The store is away."}}""", ExitCodes.Refused, "The store is away.")]
    [InlineData(200, "<html>", ExitCodes.StoreUnreachable, "did not answer as a management API")]
    public async Task Apply_OtherAnswer_IsSaid(int status, string answer, int code, string says)
    {
        using var folder = Folder();
        await using var server = await FakeManagement.StartAsync(status, answer);

        var run = await ApplyAsync(folder, server.Url);

        Assert.Equal(code, run.Code);
        Assert.Contains(says, run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ServerThatIsNotThere_IsSaid()
    {
        using var folder = Folder();

        var run = await ApplyAsync(folder, "http://127.0.0.1:1");

        Assert.Equal(ExitCodes.StoreUnreachable, run.Code);
        Assert.Contains("http://127.0.0.1:1 cannot be reached", run.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("empty")]
    public async Task Apply_FolderWithNothing_IsAWrongArgument(string name)
    {
        using var folder = Folder();
        Directory.CreateDirectory(folder.In("empty"));

        var run = await CommandRun.OfAsync("apply", folder.In(name), "--url", "http://127.0.0.1:1", "--token-file", folder.In("token"));

        Assert.Equal(ExitCodes.Setting, run.Code);
        Assert.Contains(folder.In(name), run.Messages, StringComparison.Ordinal);
    }

    private static TemporaryFolder Folder() => new TemporaryFolder()
        .With("token", "s3cret\n")
        .With("folder/apis/a/apiInformation.json", """{"properties":{"displayName":"A","path":"a"}}""")
        .With("folder/apis/a/specification.yaml", "openapi: 3.0.3")
        .With("folder/apis/a/policy.xml", "<policies />")
        .With("folder/groups/g/groupInformation.json", "{}");

    // Two APIs with 6,000 operations each.
    private static TemporaryFolder LargeFolder() => new[] { "a", "b" }.Aggregate(new TemporaryFolder().With("token", "s3cret\n"), (folder, api) => folder
        .With($"folder/apis/{api}/apiInformation.json", $$"""{"properties":{"displayName":"{{api}}","path":"{{api}}" } }""")
        .With($"folder/apis/{api}/specification.yaml", string.Concat(Enumerable.Repeat("get: {}\n", 6000))));

    private static Task<CommandRun> ApplyAsync(TemporaryFolder folder, string url) =>
        CommandRun.OfAsync("apply", folder.In("folder"), "--url", url, "--token-file", folder.In("token"));
}
