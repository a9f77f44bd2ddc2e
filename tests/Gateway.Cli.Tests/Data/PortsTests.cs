using Gateway.Hosting.Running;
using System.Net;
using System.Net.Sockets;
using Gateway.Cli.Data;

namespace Gateway.Cli.Tests.Data;

public sealed class PortsTests
{
    [Fact]
    public void Claim_PortInUse_NamesOptionAndPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var exception = Assert.Throws<ExitException>(() => new Ports(new Random()).Claim("--gateway-port", port, IPAddress.Loopback));

        Assert.Equal(ExitCodes.PortInUse, exception.Code);
        Assert.Contains($"--gateway-port: port {port}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Claim_OnePortForTwoOptions_IsAWrongOption()
    {
        var ports = new Ports(new Random());
        var port = new Ports(new Random()).Free(IPAddress.Loopback);
        ports.Claim("--gateway-port", port, IPAddress.Loopback);

        Assert.Equal(ExitCodes.Setting, Assert.Throws<ExitException>(() => ports.Claim("--management-port", port, IPAddress.Loopback)).Code);
    }

    [Fact]
    public void Keep_FreePort_IsKept_ATakenOneIsReplaced()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var taken = ((IPEndPoint)listener.LocalEndpoint).Port;
        var free = new Ports(new Random()).Free(IPAddress.Loopback);
        var ports = new Ports(new Random());

        Assert.Equal(free, ports.Keep(free, IPAddress.Loopback));
        Assert.NotEqual(taken, ports.Keep(taken, IPAddress.Loopback));
    }

    [Fact]
    public void Free_AskedOften_GivesEachPortOnce()
    {
        var ports = new Ports(new Random(1));

        var given = Enumerable.Range(0, 50).Select(_ => ports.Free(IPAddress.Loopback)).ToArray();

        Assert.Equal(50, given.Distinct().Count());
    }
}
