namespace Gateway.Hosting.Tests.Settings;

public sealed class AliasesTests
{
    [Fact]
    public void Load_NamesOfTheReferenceProduct_AreMapped()
    {
        var settings = GatewaySettingsTests.Load(
        [
            new("config.service.endpoint", "hub.example.com"),
            new("config.service.auth", "GatewayKey abc&123&xyz"),
            new("gateway.name", "berlin"),
            new("observability.opentelemetry.enabled", "true"),
            new("observability.opentelemetry.collector.uri", "http://collector:4317"),
        ]).Value!;

        Assert.Equal("https://hub.example.com", settings.Upstream.Endpoint);
        Assert.Equal("abc&123&xyz", settings.Upstream.Token);
        Assert.Equal("berlin", settings.GatewayId);
        Assert.Equal("http://collector:4317", settings.Telemetry.OtlpEndpoint);
        Assert.Equal(["observability.opentelemetry.enabled"], settings.IgnoredAliases);
    }

    [Fact]
    public void Load_OwnNameBesideAnAlias_Wins()
    {
        var settings = GatewaySettingsTests.Load(
            [new("gateway.name", "berlin"), new("Gateway:GatewayId", "hamburg")]).Value!;

        Assert.Equal("hamburg", settings.GatewayId);
    }

    [Theory]
    [InlineData("neighborhood.host", "gateway.default.svc")]
    [InlineData("telemetry.logs.std", "json")]
    [InlineData("net.server.http.forwarded.proto.enabled", "true")]
    [InlineData("config.service.auth", "workloadIdentity")]
    [InlineData("Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Tls12", "true")]
    [InlineData("observability.opentelemetry.collector.uri", "http://collector:4317")]
    public void Load_AliasWithoutMeaning_IsAcceptedAndListed(string name, string value)
    {
        Assert.Equal([name], GatewaySettingsTests.Load([new(name, value)]).Value!.IgnoredAliases);
    }

    [Theory]
    [InlineData("contoso.configuration.azure-api.net")]
    [InlineData("https://contoso.azure-api.net/x")]
    public void Load_EndpointAtAzure_SaysWhyItFails(string endpoint)
    {
        var error = Assert.Single(GatewaySettingsTests.Load([new("config.service.endpoint", endpoint)]).Errors);

        Assert.Contains("config.service.endpoint", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Azure API Management speaks its own private configuration protocol, which this gateway does not.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EndpointWithoutTls_SaysWhyItFails()
    {
        var error = Assert.Single(GatewaySettingsTests.Load([new("Gateway:Upstream:Endpoint", "http://hub.example.com")]).Errors);

        Assert.Contains("must be the https URL of a hub", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TwoTokens_AreOneTooMany() => Assert.Equal(
        "Gateway:Upstream:Token must not be set when Gateway:Upstream:TokenFile is.",
        Assert.Single(GatewaySettingsTests.Load([new("Gateway:Upstream:Token", "a"), new("Gateway:Upstream:TokenFile", "b")]).Errors).Message);
}
