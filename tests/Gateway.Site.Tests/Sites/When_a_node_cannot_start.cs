using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Gateway.Contracts.Secrets;
using Gateway.Hosting.Running;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>A silo or an edge that cannot start ends with the code of its reason and one sentence that names it.</summary>
public sealed class When_a_node_cannot_start : IDisposable
{
    private const string Silo = "Gateway.Silo.dll";
    private const string Edge = "Gateway.Edge.dll";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Silo, "Gateway__Edge__HttpPort", "99999", "Gateway:Edge:HttpPort must be 0 to 65535, it is 99999.")]
    [InlineData(Edge, "Gateway__Edge__HttpPort", "99999", "Gateway:Edge:HttpPort must be 0 to 65535, it is 99999.")]
    [InlineData(Silo, "Gateway__Redis__ConectionString", "x", "Gateway:Redis:ConectionString is not a setting, did you mean Gateway:Redis:ConnectionString?")]
    [InlineData(Silo, "Gateway__NodeName", "n1", "Gateway:Redis:ConnectionString must be set on a silo, such as redis-1:6379,password=….")]
    [InlineData(Edge, "Gateway__NodeName", "n1", "Gateway:Edge:Silos must be set on an edge, such as silo-1:30000,silo-2:30000, or else Gateway:Redis:ConnectionString.")]
    public async Task Because_a_setting_is_wrong(string program, string name, string value, string sentence)
    {
        var (code, errors) = await RunAsync(program, [], new Dictionary<string, string> { [name] = value });

        Assert.Equal((ExitCodes.Setting, sentence), (code, errors));
    }

    [Fact]
    public async Task Because_an_option_is_none()
    {
        var (code, errors) = await RunAsync(Edge, ["--port=1"], []);

        Assert.Equal((ExitCodes.Setting, "'--port' is not an option, settings are given as --Gateway:Edge:HttpPort=8080."), (code, errors));
    }

    [Fact]
    public async Task Because_the_store_is_away_and_without_telling_its_password()
    {
        var (code, errors) = await RunAsync(Silo, [], new Dictionary<string, string>
        {
            ["Gateway__Redis__ConnectionString"] = $"127.0.0.1:{Text(FreePorts.Next())},password=hunter2",
            ["Gateway__Redis__StartTimeout"] = "1s",
        });

        Assert.Equal(ExitCodes.StoreUnreachable, code);
        Assert.EndsWith("(Gateway:Redis:ConnectionString) cannot be used: it does not answer.", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Because_its_port_is_in_use()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = Text(((IPEndPoint)listener.LocalEndpoint).Port);

        var (code, errors) = await RunAsync(Edge, [], EdgeSettings(port));

        Assert.Equal((ExitCodes.PortInUse, $"Gateway:Edge:HttpPort: port {port} is in use on 127.0.0.1."), (code, errors));
    }

    [Fact]
    public async Task Because_its_data_folder_is_in_use()
    {
        Directory.CreateDirectory(_folder.In("data"));
        await using var holder = new FileStream(_folder.In("data/lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        var (code, errors) = await RunAsync(Edge, [], EdgeSettings(Text(FreePorts.Next())));

        Assert.Equal(ExitCodes.DataFolder, code);
        Assert.Contains(_folder.In("data"), errors, StringComparison.Ordinal);
    }

    private Dictionary<string, string> EdgeSettings(string port)
    {
        _folder.Write("edge.key", SiteKey.Generate().Publication.Export());
        File.SetUnixFileMode(_folder.In("edge.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new Dictionary<string, string>
        {
            ["Gateway__Secrets__KeyFile"] = _folder.In("edge.key"),
            ["Gateway__Edge__Silos"] = "127.0.0.1:1",
            ["Gateway__Edge__BindAddress"] = "127.0.0.1",
            ["Gateway__Edge__HttpPort"] = port,
        };
    }

    private async Task<(int Code, string Errors)> RunAsync(string program, string[] args, Dictionary<string, string> environment)
    {
        environment["Gateway__Data__Path"] = _folder.In("data");
        environment["Gateway__Diagnostics__Port"] = "0";
        environment["Gateway__Diagnostics__BindAddress"] = "127.0.0.1";
        environment["Gateway__Silo__Address"] = "127.0.0.1";
        foreach (var port in (string[])["Silo__SiloPort", "Silo__GatewayPort", "Management__HttpPort", "Management__HttpsPort"])
        {
            environment[$"Gateway__{port}"] = "0";
        }

        await using var process = ChildProcess.Dotnet(program, args, environment);
        return (await process.WaitForExitAsync(Patience), process.Errors);
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
