using Gateway.Cli.Data;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Hosting.Nodes;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Cli.Up;

/// <summary>Waits until the edge serves what the catalog holds.</summary>
internal static class PublicationWait
{
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>The publication in force on the edge, once both hosts are ready and it is not older than this catalog version.</summary>
    /// <exception cref="ExitException">It takes longer than a minute.</exception>
    public static async Task<RunPublication> ForVersionAsync(
        UpSite site, GatewaySettings settings, long catalogVersion, TimeProvider time, CancellationToken stop)
    {
        var publications = site.Silo.GetRequiredService<IGrainFactory>().GetGrain<IPublicationGrain>(settings.GatewayId);
        var since = time.GetTimestamp();
        Manifest? wanted = null;
        while (time.GetElapsedTime(since) < _patience)
        {
            wanted ??= await NewestAsync(publications, catalogVersion, stop);
            if (wanted is not null && InForce(site) is { } running && running.Lineage == wanted.Lineage && running.Number >= wanted.Number && site.Reasons.Length == 0)
            {
                return new RunPublication(running.Lineage, running.Number);
            }

            await Task.Delay(_look, time, stop);
        }

        var reasons = site.Reasons;
        throw new ExitException(ExitCodes.Refused, "The gateway did not become ready within a minute: "
            + (reasons.Length > 0 ? string.Join(" ", reasons) : "the edge has not got the newest publication."));
    }

    private static async Task<Manifest?> NewestAsync(IPublicationGrain publications, long catalogVersion, CancellationToken stop)
    {
        if (await CurrentAsync(publications, stop) is not { } signed)
        {
            return null;
        }

        var manifest = ManifestVerifier.Verify(signed, signed.PublicKey);
        if (!manifest.IsSuccess)
        {
            throw new InvalidOperationException($"The silo's own publication is not valid: {manifest.Errors[0].Message}");
        }

        return manifest.Value.CatalogVersion >= catalogVersion ? manifest.Value : null;
    }

    // Compiling what a first publication holds may take longer than a call may; it is asked again.
    private static async Task<SignedManifest?> CurrentAsync(IPublicationGrain publications, CancellationToken stop)
    {
        try
        {
            return await publications.Current(stop);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static PublicationId? InForce(UpSite site)
    {
        var blank = new NodeReport { Name = "", Role = NodeRole.Edge, Gateway = "", Version = "", State = NodeState.Starting, StartedAt = default };
        return site.Edge.GetServices<INodeStatusSource>().Aggregate(blank, (report, source) => source.Describe(report)).Publication;
    }
}
