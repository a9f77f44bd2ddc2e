using System.Net;
using System.Text;
using Gateway.Cli.Data;
using Gateway.Cli.Samples;

namespace Gateway.Cli.Tests.Samples;

public sealed class SampleBackendTests
{
    [Theory]
    [InlineData("/pets", 200, "Grace")]
    [InlineData("/pets?limit=1", 200, "Ada")]
    [InlineData("/pets/2", 200, "Grace")]
    [InlineData("/pets/9", 404, "no such pet")]
    [InlineData("/other", 404, "no such pet")]
    public async Task Get_Path_IsAnswered(string path, int status, string contains)
    {
        var port = new Ports(new Random()).Free(IPAddress.Loopback);
        await using var backend = await SampleBackend.StartAsync(port, CancellationToken.None);
        using var client = new HttpClient();

        using var response = await client.GetAsync($"http://127.0.0.1:{port}{path}");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(contains, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_Pet_ComesBack()
    {
        var port = new Ports(new Random()).Free(IPAddress.Loopback);
        await using var backend = await SampleBackend.StartAsync(port, CancellationToken.None);
        using var client = new HttpClient();

        using var response = await client.PostAsync($"http://127.0.0.1:{port}/pets", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.Created, "{}"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }
}
