using System.Net;
using System.Net.Sockets;
using Gateway.Hosting.Running;

namespace Gateway.Hosting.Tests.Running;

public sealed class PortCheckTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("*")]
    public void Check_PortInUse_NamesTheSettingAndThePort(string bindAddress)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var exit = Assert.Throws<ExitException>(() => PortCheck.Check([new PortUse("Gateway:Edge:HttpPort", ListenAddresses.Address(bindAddress), port)]));

        Assert.Equal(ExitCodes.PortInUse, exit.Code);
        Assert.StartsWith($"Gateway:Edge:HttpPort: port {port} is in use", exit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AddressOfAnotherMachine_NamesTheSetting()
    {
        var exit = Assert.Throws<ExitException>(() => PortCheck.Check([new PortUse("Gateway:Silo:SiloPort", IPAddress.Parse("192.0.2.1"), 11111)]));

        Assert.Equal(ExitCodes.Setting, exit.Code);
        Assert.StartsWith("Gateway:Silo:SiloPort: 192.0.2.1", exit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AnyFreePort_IsNeverInUse() => PortCheck.Check([new PortUse("Gateway:Edge:HttpPort", IPAddress.Loopback, 0)]);

    [Fact]
    public void Resolve_Zero_GivesAPortThatCanBeListenedOn()
    {
        using var listener = new TcpListener(IPAddress.Loopback, PortCheck.Resolve(IPAddress.Loopback, 0));

        listener.Start();

        Assert.NotEqual(0, ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
