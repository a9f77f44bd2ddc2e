namespace Gateway.Contracts.Nodes;

/// <summary>
/// Which silos the cluster believes in. Key: any number; a client sends different numbers through different silos, so that asking with
/// another one gets past a silo that hangs.
/// </summary>
[Alias("gw.ISiloListGrain")]
public interface ISiloListGrain : IGrainWithIntegerKey
{
    /// <summary>Where the active silos listen for edges, as <c>address:port</c>.</summary>
    [Alias("Active"), ResponseTimeout("00:00:01")]
    Task<string[]> Active(CancellationToken cancellationToken);
}
