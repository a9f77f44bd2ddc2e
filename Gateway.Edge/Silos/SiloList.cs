using System.Net;
using System.Net.Sockets;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Orleans.Messaging;

namespace Gateway.Edge.Silos;

/// <summary>
/// Where the silos are: <c>Gateway:Edge:Silos</c>, its DNS names resolved again at each look, and the cluster's own list in the state store
/// when this edge has its connection string. When neither gives one, the list that was known last. Once the silos say which of them are
/// active, and at least one that was found is, only the active ones count, also those that nobody named.
/// </summary>
/// <param name="settings">Names the silos.</param>
/// <param name="environment">Has the data folder.</param>
/// <param name="clusterList">The list in the state store; null without a connection string.</param>
/// <param name="active">What the silos say.</param>
/// <param name="logger">Gets what cannot be resolved, once each time that changes.</param>
internal sealed partial class SiloList(
    GatewaySettings settings, NodeEnvironment environment, IGatewayListProvider? clusterList, Func<IReadOnlySet<IPEndPoint>?> active, ILogger<SiloList> logger) : IGatewayListProvider
{
    private readonly DataFolder _data = environment.Data;
    private IPEndPoint[] _saved = [];
    private string? _trouble;
    private bool _clusterListReady;

    /// <inheritdoc />
    public TimeSpan MaxStaleness => settings.Cluster.SiloListPeriod;

    /// <inheritdoc />
    public bool IsUpdatable => true;

    /// <inheritdoc />
    public Task InitializeGatewayListProvider()
    {
        _saved = SavedSilos.Load(_data);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task<IList<Uri>> GetGateways()
    {
        var trouble = new List<string>();
        var found = new HashSet<IPEndPoint>();
        foreach (var name in settings.Edge.Silos)
        {
            found.UnionWith(await ResolveAsync(name, trouble));
        }

        if (clusterList is not null)
        {
            found.UnionWith(await ReadClusterListAsync(clusterList, trouble));
        }

        Tell(trouble);
        if (active() is { } reported && reported.Overlaps(found))
        {
            // Without a common one the silos know each other by addresses that this edge cannot use.
            found = [.. reported];
        }

        if (found.Count > 0)
        {
            Keep(found);
        }

        IReadOnlyCollection<IPEndPoint> silos = found.Count > 0 ? found : _saved;
        return [.. silos.Select(silo => SiloAddress.New(silo, 0).ToGatewayUri())];
    }

    private async Task<IEnumerable<IPEndPoint>> ResolveAsync(string name, List<string> trouble)
    {
        if (!HostPort.TryParse(name, settings.Silo.GatewayPort, out var silo))
        {
            return [];
        }

        try
        {
            using var bound = new CancellationTokenSource(settings.Cluster.ConnectTimeout, environment.Time);
            var addresses = await Dns.GetHostAddressesAsync(silo.Host, bound.Token);
            return addresses.Select(address => new IPEndPoint(address, silo.Port));
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            trouble.Add($"{silo.Host} cannot be resolved");
            return [];
        }
    }

    private async Task<IEnumerable<IPEndPoint>> ReadClusterListAsync(IGatewayListProvider list, List<string> trouble)
    {
        try
        {
            if (!_clusterListReady)
            {
                await list.InitializeGatewayListProvider().WaitAsync(settings.Redis.Timeout, environment.Time);
                _clusterListReady = true;
            }

            var silos = await list.GetGateways().WaitAsync(settings.Redis.Timeout, environment.Time);
            return silos.Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host.Trim('[', ']')), uri.Port));
        }
        catch (Exception failure)
        {
            trouble.Add($"the list in the state store cannot be read ({failure.GetType().Name})");
            return [];
        }
    }

    private void Keep(HashSet<IPEndPoint> found)
    {
        var sorted = found.OrderBy(silo => silo.ToString(), StringComparer.Ordinal).ToArray();
        if (sorted.SequenceEqual(_saved))
        {
            return;
        }

        _saved = sorted;
        try
        {
            SavedSilos.Save(_data, sorted);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, failure.Message);
        }
    }

    private void Tell(List<string> trouble)
    {
        var text = trouble.Count == 0 ? null : string.Join("; ", trouble);
        if (text is not null && text != _trouble)
        {
            Log.Trouble(logger, text);
        }

        _trouble = text;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Looking for silos: {Trouble}.")]
        public static partial void Trouble(ILogger logger, string trouble);

        [LoggerMessage(2, LogLevel.Warning, "The list of silos could not be saved: {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
