using System.Net.Sockets;
using Gateway.Site.Tests.Processes;

namespace Gateway.Site.Tests.Sites;

/// <summary>Edges and silos that speak mutual TLS.</summary>
public sealed class When_nodes_show_certificates(TlsSite site) : IClassFixture<TlsSite>
{
    [RedisFact]
    public async Task Changes_arrive_strangers_do_not_and_renewed_files_need_no_restart()
    {
        await site.PutApiAsync(0, "over-tls");
        await site.ServedAsync(0, "over-tls");
        await site.ServedAsync(1, "over-tls");
        await using var load = new Load(site.UrlOf(0, "over-tls"));
        await load.MoreAsync(50);

        // What a silo's ports say without TLS is nothing.
        Assert.Equal(0, await BytesInClearAsync(site.SiloGatewayPort(0)));

        // An edge of another CA gets no publication, and starts from its backup only because it has one.
        await site.Edge(1).KillAsync();
        site.Estrange("edge-1");
        site.StartEdge(1);
        await site.Silo(0).WaitForErrorAsync("was refused", LocalSite.Patience);
        await site.PutApiAsync(0, "behind-its-back");
        await site.ServedAsync(0, "behind-its-back");
        await site.ServedAsync(1, "over-tls");
        Assert.Equal("404", await site.AskAsync(1, "behind-its-back"));

        // Its own certificate again, while the process runs: the next attempt to connect takes it.
        site.Renew("edge-1");
        await site.ServedAsync(1, "behind-its-back");

        // A silo that comes back with a renewed certificate is taken by all.
        site.Renew("silo-1");
        await site.Silo(1).KillAsync();
        site.StartSilo(1);
        await site.ReadyAsync();
        await site.PutApiAsync(1, "renewed");
        await site.ServedAsync(0, "renewed");

        Assert.Empty(await load.StopAsync());
    }

    [RedisFact]
    public async Task An_edge_without_silos_and_without_a_backup_starts_from_a_peer()
    {
        await site.PutApiAsync(0, "from-peer");
        await site.ServedAsync(0, "from-peer");
        await using var load = new Load(site.UrlOf(0, "from-peer"));
        await load.MoreAsync(50);

        await site.Silo(0).KillAsync();
        await site.Silo(1).KillAsync();
        await site.Edge(1).KillAsync();
        Directory.Delete(site.In("edge-1"), recursive: true);
        site.StartEdge(1, site.PeerSettings);
        await site.ServedAsync(1, "from-peer");
        Assert.Equal(200, (await site.ReadinessAsync(1)).Status);
        await load.MoreAsync(50);

        site.StartSilo(0);
        site.StartSilo(1);
        await site.ReadyAsync();
        await site.PutApiAsync(0, "after-peer");
        await site.ServedAsync(0, "after-peer");
        await site.ServedAsync(1, "after-peer");
        Assert.Empty(await load.StopAsync());

        // As it was before: with a backup.
        await site.Edge(1).KillAsync();
        site.StartEdge(1);
        await site.ServedAsync(1, "after-peer");
    }

    private static async Task<int> BytesInClearAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await client.GetStream().WriteAsync(new byte[64]);
        try
        {
            return await client.GetStream().ReadAsync(new byte[64]).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) is var read && read <= 7 ? 0 : read;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
