using Gateway.Hosting.Settings;
using Gateway.Hosting.Settings.Binding;
using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Tests.Settings;

public sealed class GatewaySettingsTests
{
    [Fact]
    public void Load_WithoutSettings_GivesDefaults()
    {
        var settings = Load([]).Value!;

        Assert.Equal(8080, settings.Edge.HttpPort);
        Assert.Equal("managed", settings.GatewayId);
        Assert.Equal(OnOutage.LastSeen, settings.Limits.RateLimit.OnOutage);
        Assert.Equal(OnOutage.Closed, settings.Limits.Quota.OnOutage);
        Assert.Equal(Environment.MachineName, settings.NodeName);
    }

    [Theory]
    [InlineData("Gateway:Edge:HttpPort", "99999", "Gateway:Edge:HttpPort must be 0 to 65535, it is 99999.")]
    [InlineData("gateway:edge:httpport", "-1", "Gateway:Edge:HttpPort must be 0 to 65535, it is -1.")]
    [InlineData("Gateway:Edge:HttpPort", "http", "Gateway:Edge:HttpPort must be 0 to 65535, it is 'http'.")]
    [InlineData("Gateway:AccessLog", "some", "Gateway:AccessLog must be one of all, errors, off, it is 'some'.")]
    [InlineData("Gateway:AccessLog", "1", "Gateway:AccessLog must be one of all, errors, off, it is 1.")]
    [InlineData("Gateway:Backup:Enabled", "yes", "Gateway:Backup:Enabled must be true or false, it is 'yes'.")]
    [InlineData("Gateway:Nodes:BeatPeriod", "5", "Gateway:Nodes:BeatPeriod must be a time span of 100ms to 10m, such as 500ms, 2s, 1m or 00:00:02, it is 5.")]
    [InlineData("Gateway:Nodes:BeatPeriod", "10s", "Gateway:Nodes:StaleAfter must be longer than Gateway:Nodes:BeatPeriod (10s), it is 10s.")]
    [InlineData("Gateway:Limits:RateLimit:OnOutage", "never", "Gateway:Limits:RateLimit:OnOutage must be one of last-seen, closed, escrow, open, it is 'never'.")]
    [InlineData("Gateway:Limits:Quota:OnOutage", "escrow", "Gateway:Limits:Quota:OnOutage must be last-seen, closed or open; escrow is for rate limits.")]
    [InlineData("Gateway:ServiceId", "a{b}", "Gateway:ServiceId must be 1 to 80 letters, digits, '-', '_' or '.', starting with a letter or digit, it is 'a{b}'.")]
    [InlineData("Gateway:Silo:Address", "silo-1", "Gateway:Silo:Address must be an IP address, it is 'silo-1'.")]
    [InlineData("Gateway:Edge:BindAddress", "somewhere", "Gateway:Edge:BindAddress must be an IP address, localhost, or * for all addresses, it is 'somewhere'.")]
    [InlineData("Gateway:Edge:Silos", "silo-1:99999", "Gateway:Edge:Silos must be a list of host:port or DNS names, separated by commas, it is 'silo-1:99999'.")]
    [InlineData("Gateway:Trust:MinimumPublication", "latest", "Gateway:Trust:MinimumPublication must be a publication number, or lineage/number, it is 'latest'.")]
    [InlineData("Gateway:Tls:KeyPath", "key.pem", "Gateway:Tls:CertificatePath must be set when Gateway:Tls:KeyPath is.")]
    [InlineData("Gateway:Counters:Stamp", "true", "Gateway:Counters:Stamp must be false unless Gateway:Edge:BindAddress is a loopback address, it is '*'.")]
    [InlineData("Gateway:Telemetry:OtlpEndpoint", "collector:4317", "Gateway:Telemetry:OtlpEndpoint must be an absolute http or https URL, it is 'collector:4317'.")]
    public void Load_WrongValue_NamesTheSettingInOneSentence(string name, string value, string sentence)
    {
        Assert.Equal(sentence, Assert.Single(Load([new(name, value)]).Errors).Message);
    }

    [Theory]
    [InlineData("Gateway:Edge:HttpPrt", "Gateway:Edge:HttpPrt is not a setting, did you mean Gateway:Edge:HttpPort?")]
    [InlineData("Gateway:Egde:HttpsPort", "Gateway:Egde:HttpsPort is not a setting, did you mean Gateway:Edge:HttpsPort?")]
    [InlineData("Gateway:AccesLog", "Gateway:AccesLog is not a setting, did you mean Gateway:AccessLog?")]
    [InlineData("Gateway:PollWait", "Gateway:PollWait is not a setting, did you mean Gateway:Publications:PollWait?")]
    [InlineData("Gateway:Flux", "Gateway:Flux is not a setting; docs/settings.md lists them all.")]
    [InlineData("Gateway:Edge", "Gateway:Edge is not a setting; docs/settings.md lists them all.")]
    [InlineData("Gateway:Edge:HttpPort:Extra", "Gateway:Edge:HttpPort:Extra is not a setting; docs/settings.md lists them all.")]
    public void Load_UnknownName_IsRefusedWithTheNearest(string name, string sentence)
    {
        Assert.Equal(sentence, Assert.Single(Load([new(name, "1")]).Errors).Message);
    }

    [Fact]
    public void Load_SeveralWrong_FindsAll()
    {
        var errors = Load([new("Gateway:Edge:HttpPort", "x"), new("Gateway:Edge:HttpsPort", "y"), new("Gateway:Nope", "z")]).Errors;

        Assert.Equal(["Gateway:Edge:HttpPort", "Gateway:Edge:HttpsPort", "Gateway:Nope"], errors.Select(error => error.Target));
    }

    [Theory]
    [InlineData("Gateway:Redis:ConnectionString", "a:1,password=hunter2,nonsense=1")]
    [InlineData("Gateway:Cache:ConnectionString", "a:1,password=hunter2,connectTimeout=soon")]
    public void Load_WrongSecret_DoesNotShowIt(string name, string value)
    {
        var sentence = Assert.Single(Load([new(name, value)]).Errors).Message;

        Assert.StartsWith(name + " must be ", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EveryRole_ReadsListsLabelsAndPeriods()
    {
        var settings = Load(
        [
            new("Gateway:Edge:Silos", "silo-1:30001, silos.local ,[::1]:30002"),
            new("Gateway:Edge:Peers:0", "edge-1"),
            new("Gateway:Edge:Peers:1", "edge-2:1"),
            new("Gateway:Edge:Labels:site", "berlin"),
            new("Gateway:Nodes:HeartbeatPeriod", "00:00:30"),
            new("Gateway:Publications:PollWait", "500ms"),
            new("Gateway:AccessLog", "OFF"),
            new("Gateway:Data:Path", ""),
        ]).Value!;

        Assert.Equal(["silo-1:30001", "silos.local", "[::1]:30002"], settings.Edge.Silos);
        Assert.Equal(["edge-1", "edge-2:1"], settings.Edge.Peers);
        Assert.Equal("berlin", settings.Edge.Labels["site"]);
        Assert.Equal(TimeSpan.FromSeconds(30), settings.Nodes.HeartbeatPeriod);
        Assert.Equal(TimeSpan.FromMilliseconds(500), settings.Publications.PollWait);
        Assert.Equal(AccessLogMode.Off, settings.AccessLog);
        Assert.Equal("data", settings.Data.Path);
    }

    [Fact]
    public void Catalog_Defaults_PassTheirOwnRules()
    {
        var defaults = new GatewaySettings();

        Assert.All(SettingsCatalog.All, setting => Assert.True(setting.Get(defaults) is not { } value || setting.Rule?.Accepts(value) != false, setting.Path));
        Assert.True(SettingsCatalog.All.Count > 50);
    }

    internal static Gateway.Contracts.Results.Result<GatewaySettings> Load(KeyValuePair<string, string?>[] values) =>
        GatewaySettings.Load(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
}
