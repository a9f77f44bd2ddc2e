using Gateway.Hosting.Running;

namespace Gateway.Hosting.Tests.Running;

public sealed class HostConfigurationTests
{
    [Theory]
    [InlineData("--foo", "'--foo' is not an option, settings are given as --Gateway:Edge:HttpPort=8080.")]
    [InlineData("Gateway:Edge:HttpPort=1", "'Gateway:Edge:HttpPort' is not an option, settings are given as --Gateway:Edge:HttpPort=8080.")]
    [InlineData("--Gateway:Edge:HttpPort", "--Gateway:Edge:HttpPort must be followed by a value.")]
    public void Build_WrongOption_NamesIt(string option, string sentence)
    {
        var exit = Assert.Throws<ExitException>(() => HostConfiguration.Build([option]));

        Assert.Equal((ExitCodes.Setting, sentence), (exit.Code, exit.Message));
    }

    [Fact]
    public void Load_Options_BecomeSettings()
    {
        var settings = HostConfiguration.Load(HostConfiguration.Build(
            ["--Gateway:Edge:HttpPort=1", "--Gateway:Edge:HttpsPort", "2", "--gateway.name=berlin", "--Logging:LogLevel:Default=Debug"]));

        Assert.Equal((1, 2, "berlin"), (settings.Edge.HttpPort, settings.Edge.HttpsPort, settings.GatewayId));
    }

    [Fact]
    public void Load_SeveralWrong_GivesALineForEach()
    {
        var exit = Assert.Throws<ExitException>(() => HostConfiguration.Load(HostConfiguration.Build(
            ["--Gateway:Edge:HttpPort=x", "--Gateway:Nodes:BeatPeriod=y"])));

        Assert.Equal(ExitCodes.Setting, exit.Code);
        Assert.Equal(2, exit.Message.Split('\n').Length);
    }
}
