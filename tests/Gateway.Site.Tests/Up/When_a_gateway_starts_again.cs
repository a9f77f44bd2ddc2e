using System.Text.Json.Nodes;
using Gateway.Hosting.Running;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Up;

/// <summary>What the data folder keeps, however the process ended.</summary>
public sealed class When_a_gateway_starts_again
{
    [Fact]
    public async Task Everything_is_found_after_a_stop_and_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        using var client = Http.Client();
        var data = folder.In("d");
        string key;
        string lineage;
        await using (var first = await UpProcess.StartAsync(data))
        {
            (key, lineage) = (first.SampleKey, first.Run.Publication.Lineage);
            Assert.Equal(201, await PutProductAsync(first, "one"));
            await first.StopAsync();
        }

        string ports = await File.ReadAllTextAsync(folder.In("d/ports.json"));
        await using (var second = await UpProcess.StartAsync(data))
        {
            await AssertServesAsync(second);
            Assert.Equal(200, (await second.ManageAsync(HttpMethod.Get, "/products/one")).Status);
            Assert.Equal(201, await PutProductAsync(second, "two"));
            await second.Process.KillAsync();
        }

        await using var third = await UpProcess.StartAsync(data);
        await AssertServesAsync(third);
        Assert.Equal(200, (await third.ManageAsync(HttpMethod.Get, "/products/two")).Status);
        Assert.Equal(ports, await File.ReadAllTextAsync(folder.In("d/ports.json")));
        await third.StopAsync();

        async Task AssertServesAsync(UpProcess up)
        {
            Assert.Equal((key, lineage), (up.SampleKey, up.Run.Publication.Lineage));
            Assert.Equal("200", await Http.TryAsync(client, $"{up.Run.Gateway}/petstore/pets", key));
        }
    }

    [Fact]
    public async Task A_proxy_that_the_machine_names_has_no_part_in_it()
    {
        using var folder = new TemporaryFolder();
        await using var up = await UpProcess.StartAsync(folder.In("d"), new Dictionary<string, string>
        {
            ["HTTP_PROXY"] = "http://127.0.0.1:1", ["HTTPS_PROXY"] = "http://127.0.0.1:1", ["ALL_PROXY"] = "http://127.0.0.1:1",
        });
        using var client = Http.Client();

        Assert.Equal("200", await Http.TryAsync(client, $"{up.Run.Gateway}/petstore/pets", up.SampleKey));
        await up.StopAsync();
    }

    [Fact]
    public async Task A_store_that_lost_its_files_is_damage_and_not_a_new_beginning()
    {
        using var folder = new TemporaryFolder();
        await using (var up = await UpProcess.StartAsync(folder.In("d"), "--no-sample"))
        {
            Assert.DoesNotContain("petstore", up.Process.Errors, StringComparison.Ordinal);
            await up.StopAsync();
        }

        Directory.Delete(folder.In("d/store"), recursive: true);
        var (code, errors) = await UpProcess.EndAsync(folder.In("d"));

        Assert.Equal(ExitCodes.DataFolder, code);
        Assert.Contains("damaged", errors, StringComparison.Ordinal);
    }

    private static async Task<int> PutProductAsync(UpProcess up, string id)
    {
        var body = new JsonObject { ["properties"] = new JsonObject { ["displayName"] = id } };
        return (await up.ManageAsync(HttpMethod.Put, $"/products/{id}", body)).Status;
    }
}
