using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Hosting.Running;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary>Each reason has its exit code and a sentence that names what is wrong.</summary>
public sealed class When_a_gateway_cannot_start
{
    [Theory]
    [InlineData("--gateway-port")]
    [InlineData("--management-tls-port")]
    [InlineData("--store-port")]
    public async Task Because_a_port_is_in_use(string option)
    {
        using var folder = new TemporaryFolder();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var (code, errors) = await UpProcess.EndAsync(folder.In("d"), option, port);

        Assert.Equal(ExitCodes.PortInUse, code);
        Assert.Contains(option, errors, StringComparison.Ordinal);
        Assert.Contains(port, errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nonsense", "1", "--nonsense")]
    [InlineData("--bind", "nowhere", "--bind")]
    [InlineData("--bind", "203.0.113.7", "--bind")]
    [InlineData("--apply", "/nowhere/at/all", "--apply")]
    public async Task Because_an_option_is_wrong(string option, string value, string says)
    {
        using var folder = new TemporaryFolder();

        var (code, errors) = await UpProcess.EndAsync(folder.In("d"), option, value);

        Assert.Equal(ExitCodes.Setting, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Because_a_setting_of_the_environment_is_wrong()
    {
        using var folder = new TemporaryFolder();

        await using var up = ChildProcess.Dotnet(
            "gateway.dll", ["up", "--data", folder.In("d")], new Dictionary<string, string> { ["Gateway__AccessLog"] = "sometimes" });

        Assert.Equal(ExitCodes.Setting, await up.WaitForExitAsync(UpProcess.Patience));
        Assert.Contains("Gateway:AccessLog", up.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ports.json", "{")]
    [InlineData("site.key", "not a key")]
    [InlineData("admin-token", "")]
    public async Task Because_the_data_folder_is_damaged(string file, string content)
    {
        using var folder = new TemporaryFolder();
        folder.Write($"d/{file}", content);

        var (code, errors) = await UpProcess.EndAsync(folder.In("d"));

        Assert.Equal(ExitCodes.DataFolder, code);
        Assert.Contains(file, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Because_the_folder_to_apply_is_refused()
    {
        using var folder = new TemporaryFolder();
        folder.Write("bad/policy.xml", "<policies><inbound><no-such-policy /></inbound></policies>");

        var (code, errors) = await UpProcess.EndAsync(folder.In("d"), "--apply", folder.In("bad"));

        Assert.Equal(ExitCodes.Refused, code);
        Assert.Contains("no-such-policy", errors, StringComparison.Ordinal);
    }
}
