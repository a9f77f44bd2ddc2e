using System.Net;
using Gateway.Contracts.Nodes;
using Orleans.Concurrency;

namespace Gateway.Grains.Nodes;

/// <summary>Reads the cluster's table; every silo answers for itself.</summary>
[StatelessWorker(1)]
internal sealed class SiloListGrain(IMembershipTable table) : Grain, ISiloListGrain
{
    /// <inheritdoc />
    public async Task<string[]> Active(CancellationToken cancellationToken)
    {
        var silos = await table.ReadAllAsync(cancellationToken);
        return [.. silos.Members.Select(member => member.Item1)
            .Where(silo => silo is { Status: SiloStatus.Active, ProxyPort: > 0 })
            .Select(silo => new IPEndPoint(silo.SiloAddress.Endpoint.Address, silo.ProxyPort).ToString())
            .Order(StringComparer.Ordinal)];
    }
}
