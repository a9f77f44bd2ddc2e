using Gateway.Cli.Data;
using Gateway.Cli.Up;

namespace Gateway.Cli.Tests.Up;

public sealed class WelcomeTests
{
    private static readonly RunFile _run = new()
    {
        Pid = 1,
        Gateway = "http://127.0.0.1:8080",
        GatewayTls = "https://127.0.0.1:8443",
        Management = "http://127.0.0.1:8081",
        ManagementTls = "https://127.0.0.1:8444",
        Diagnostics = "http://127.0.0.1:8082",
        AdminTokenFile = "/it's/admin-token",
        CaFile = "/it's/ca.pem",
        Publication = new RunPublication("l", 2),
    };

    [Fact]
    public void Text_WithSample_HasLinesToPaste()
    {
        var text = Welcome.Text(_run, "/it's", new Uri("https://127.0.0.1:8444/service/gateway"), "KEY");

        Assert.Contains("  curl -H 'Ocp-Apim-Subscription-Key: KEY' http://127.0.0.1:8080/petstore/pets\n", text, StringComparison.Ordinal);
        Assert.Contains("""curl --cacert '/it'\''s/ca.pem' -H "Authorization: Bearer $(cat '/it'\''s/admin-token')" 'https://127.0.0.1:8444/service/gateway/apis?api-version=2024-05-01'""", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_WithoutSample_DoesNotSpeakOfIt() =>
        Assert.DoesNotContain("petstore", Welcome.Text(_run, "/d", new Uri("https://127.0.0.1:8444/s"), null), StringComparison.Ordinal);
}
