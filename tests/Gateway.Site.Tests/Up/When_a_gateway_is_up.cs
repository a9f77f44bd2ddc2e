using System.Text.Json;
using Gateway.Hosting.Running;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary>A first start, and what can be done with it.</summary>
public sealed class When_a_gateway_is_up(RunningGateway gateway) : IClassFixture<RunningGateway>
{
    private readonly TemporaryFolder _data = gateway.Folder;
    private readonly UpProcess _up = gateway.Up;

    [Fact]
    public async Task The_printed_key_opens_the_sample_and_no_key_does_not()
    {
        using var client = Http.Client(_up.Run.CaFile);

        foreach (var gateway in new[] { _up.Run.Gateway, _up.Run.GatewayTls })
        {
            using var pets = await Http.GetAsync(client, $"{gateway}/petstore/pets", _up.SampleKey);
            Assert.Equal(200, (int)pets.StatusCode);
            Assert.Equal("hello from the gateway", Assert.Single(pets.Headers.GetValues("X-Greeting")));
            Assert.Contains("Grace", await pets.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal("401", await Http.TryAsync(client, $"{gateway}/petstore/pets"));
            Assert.Equal("404", await Http.TryAsync(client, $"{gateway}/nowhere", _up.SampleKey));
        }

        Assert.Contains($"{_up.Run.Gateway}/petstore/pets", _up.Line("curl -H 'Ocp-Apim"), StringComparison.Ordinal);
    }

    [CurlFact]
    public async Task The_printed_lines_work_when_pasted()
    {
        foreach (var (start, contains) in new[] { ("curl -H", "Grace"), ("curl --cacert", "petstore") })
        {
            await using var shell = ChildProcess.Start("sh", ["-c", $"{_up.Line(start)} -sS --max-time 20 --fail-with-body; echo"]);
            Assert.Equal(0, await shell.WaitForExitAsync(TimeSpan.FromSeconds(30)));
            Assert.Contains(contains, string.Concat(shell.Output), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_json_says_where_it_is_and_only_its_owner_may_read_it()
    {
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(_up.RunFilePath));
        var run = json.RootElement;

        Assert.Equal(_up.Process.Id, run.GetProperty("pid").GetInt32());
        Assert.Equal(_data.In("d/admin-token"), run.GetProperty("adminTokenFile").GetString());
        Assert.Equal(_data.In("d/ca.pem"), run.GetProperty("caFile").GetString());
        Assert.NotEmpty(run.GetProperty("publication").GetProperty("lineage").GetString()!);
        Assert.True(run.GetProperty("publication").GetProperty("number").GetInt64() >= 1);
        foreach (var secret in new[] { "run.json", "admin-token", "site.key", "store-password" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_data.In($"d/{secret}")));
        }

        using var client = Http.Client();
        Assert.Equal("200", await Http.TryAsync(client, $"{_up.Run.Diagnostics}/readyz"));
        Assert.Equal("200", await Http.TryAsync(client, $"{_up.Run.Diagnostics}/healthz"));
        Assert.Equal("200", await Http.TryAsync(client, $"{_up.Run.Diagnostics}/metrics"));
        Assert.Equal(1, _up.Process.Output.Count(line => line == "ready"));
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_is_refused()
    {
        var (code, errors) = await UpProcess.EndAsync(_data.In("d"));

        Assert.Equal(ExitCodes.DataFolder, code);
        Assert.Contains(_data.In("d"), errors, StringComparison.Ordinal);
        Assert.True(File.Exists(_up.RunFilePath));
    }

    [Fact]
    public async Task A_folder_is_applied_or_refused_as_a_whole()
    {
        _data.Write("good/apis/echo/apiInformation.json", """{"properties":{"displayName":"Echo","path":"echo","protocols":["http"],"subscriptionRequired":false}}""");
        _data.Write("good/apis/echo/specification.yaml", "openapi: 3.0.3\ninfo: { title: Echo, version: '1' }\npaths:\n  /pets:\n    get:\n      operationId: get\n      responses: { '200': { description: ok } }\n");
        _data.Write("good/apis/echo/policy.xml", "<policies><inbound><base /><set-backend-service backend-id=\"petstore\" /></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>");
        _data.Write("bad/apis/other/apiInformation.json", """{"properties":{"displayName":"Other","path":"other"}}""");
        _data.Write("bad/apis/other/policy.xml", "<policies><inbound><no-such-policy /></inbound></policies>");

        await using var good = ChildProcess.Dotnet("gateway.dll", ["apply", _data.In("good"), "--data", _data.In("d")]);
        Assert.True(await good.WaitForExitAsync(UpProcess.Patience) == 0, good.Errors);
        Assert.Contains("created /apis/echo", good.Output);

        using var client = Http.Client();
        await Poll.UntilAsync(
            async () => await Http.TryAsync(client, $"{_up.Run.Gateway}/echo/pets") == "200",
            TimeSpan.FromSeconds(20),
            () => "the applied API is not served");

        await using var bad = ChildProcess.Dotnet("gateway.dll", ["apply", _data.In("bad"), "--data", _data.In("d")]);
        Assert.Equal(ExitCodes.Refused, await bad.WaitForExitAsync(UpProcess.Patience));
        Assert.Contains(_data.In("bad/apis/other/policy.xml"), bad.Errors, StringComparison.Ordinal);
        Assert.Contains("no-such-policy", bad.Errors, StringComparison.Ordinal);
        Assert.Equal(404, (await _up.ManageAsync(HttpMethod.Get, "/apis/other")).Status);
    }

    [Fact]
    public async Task An_api_with_host_names_answers_there_only()
    {
        _data.Write("hosts/apis/partner/apiInformation.json", """{"properties":{"displayName":"Partner","path":"petstore","hostnames":["*.Partner.example"],"subscriptionRequired":false}}""");
        _data.Write("hosts/apis/partner/specification.yaml", "openapi: 3.0.3\ninfo: { title: Partner, version: '1' }\npaths:\n  /pets:\n    get:\n      operationId: get\n      responses: { '200': { description: ok } }\n");
        _data.Write("hosts/apis/partner/policy.xml", "<policies><inbound><base /><return-response><set-status code=\"218\" /></return-response></inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>");

        await using var apply = ChildProcess.Dotnet("gateway.dll", ["apply", _data.In("hosts"), "--data", _data.In("d")]);
        Assert.True(await apply.WaitForExitAsync(UpProcess.Patience) == 0, apply.Errors);

        using var client = Http.Client();
        await Poll.UntilAsync(
            async () => await StatusOn("eu.partner.example:8080") == 218, TimeSpan.FromSeconds(20), () => "the API is not served on its host");
        Assert.Equal(401, await StatusOn("partner.example"));
        Assert.Equal("401", await Http.TryAsync(client, $"{_up.Run.Gateway}/petstore/pets"));

        async Task<int> StatusOn(string host)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{_up.Run.Gateway}/petstore/pets") { Headers = { Host = host } };
            using var response = await client.SendAsync(request);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task Both_nodes_are_listed()
    {
        await Poll.UntilAsync(
            async () =>
            {
                await using var nodes = ChildProcess.Dotnet("gateway.dll", ["nodes", "--data", _data.In("d")]);
                Assert.True(await nodes.WaitForExitAsync(UpProcess.Patience) == 0, nodes.Errors);
                return nodes.Output.Count(line => line.Contains(" ready ", StringComparison.Ordinal)) == 2;
            },
            TimeSpan.FromSeconds(30),
            () => "silo and edge are not both listed as ready");
    }
}
