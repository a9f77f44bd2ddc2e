using Gateway.Cli.Data;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using StackExchange.Redis;

namespace Gateway.Cli.Stores;

/// <summary>
/// Compares the embedded store with what the data folder remembers of it. The store itself recovers silently from files that
/// are missing or cut short, with less than it had confirmed.
/// </summary>
internal sealed class StoreWitness(IDatabase database, string serviceId, DataFolder data)
{
    private readonly RedisKey _lineage = $"{{gw:{serviceId}}}:lineage";
    private readonly RedisKey _version = $"{{gw:{serviceId}}}:catalog:version";

    private StateFile _state = StateFile.Load(data);

    /// <summary>Ends the process when the store holds less than it had confirmed.</summary>
    /// <exception cref="ExitException">The data is damaged.</exception>
    public async Task CheckAsync()
    {
        if (_state.Lineage is null)
        {
            return;
        }

        var (lineage, version) = await ReadAsync();
        if (lineage != _state.Lineage)
        {
            throw data.Damaged("store", lineage is null ? "it lost the catalog" : "it holds the catalog of another installation");
        }

        if (version < _state.Version)
        {
            throw data.Damaged("store", $"it holds version {version} of the catalog, but had confirmed version {_state.Version}");
        }
    }

    /// <summary>Remembers how far the store is now, if that is news. A store that was emptied meanwhile is not: the next start finds out.</summary>
    public async Task RememberAsync()
    {
        var (lineage, version) = await ReadAsync();
        if (_state.Lineage is not null && (lineage is null || (lineage == _state.Lineage && version <= _state.Version)))
        {
            return;
        }

        _state = new StateFile { Started = true, Lineage = lineage, Version = version };
        _state.Save(data);
    }

    private async Task<(string? Lineage, long Version)> ReadAsync()
    {
        var values = await database.StringGetAsync([_lineage, _version]);
        return (values[0], values[1].TryParse(out long version) ? version : 0);
    }
}
