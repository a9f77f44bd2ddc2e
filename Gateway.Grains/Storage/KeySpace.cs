using System.Globalization;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Storage;

/// <summary>
/// The keys of one installation in the state store. Wire. All share one hash tag, so that one transaction may touch any
/// of them on a Redis cluster.
/// </summary>
/// <param name="serviceId">The installation's ServiceId; two installations on one store must differ.</param>
internal sealed class KeySpace(string serviceId)
{
    private readonly string _prefix = $"{{gw:{serviceId}}}";

    /// <summary>The catalog's life: <see cref="Catalog.Records.LineageRecord"/> as JSON. When it is gone, the store was flushed.</summary>
    public string Lineage => $"{_prefix}:lineage";

    /// <summary>The version of the last commit; the fence of every commit.</summary>
    public string CatalogVersion => $"{_prefix}:catalog:version";

    /// <summary>Sorted set of all resource ids, score 0.</summary>
    public string CatalogIndex => $"{_prefix}:catalog:index";

    /// <summary>The site's signing key, sealed.</summary>
    public string SigningKey => $"{_prefix}:signing-key";

    /// <summary>Hash of the last word of each node.</summary>
    public string Nodes => $"{_prefix}:nodes";

    /// <summary>One resource.</summary>
    public string Record(string id) => $"{_prefix}:r:{id}";

    /// <summary>The ids that a version changed, one per line.</summary>
    public string Changes(long version) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}:changes:{version}");

    /// <summary>The signed manifest in force for a gateway.</summary>
    public string Manifest(string gateway) => $"{_prefix}:p:{gateway}:manifest";

    /// <summary>A signed manifest by its number.</summary>
    public string Manifest(string gateway, long number) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}:p:{gateway}:m:{number}");

    /// <summary>How new publications of a gateway are tried, and up to which all edges may go.</summary>
    public string Rollout(string gateway) => $"{_prefix}:p:{gateway}:rollout";

    /// <summary>The image of a program, sealed.</summary>
    public string Program(string id) => $"{_prefix}:program:{id}";

    /// <summary>There while a silo compiles a program.</summary>
    public string ProgramClaim(string id) => $"{_prefix}:program-claim:{id}";

    /// <summary>The body of a chunk.</summary>
    public string Chunk(string gateway, string name) => $"{_prefix}:p:{gateway}:c:{name}";

    /// <summary>A silo's right to lend tokens; lives a few seconds unless it is renewed.</summary>
    public string CounterSilo(string lease) => $"{_prefix}:counters:silo:{lease}";

    /// <summary>Hash of the edges that may hold tokens: life of the edge to when it was last heard, and where it is reached.</summary>
    public string CounterEdges => $"{_prefix}:counters:edges";

    /// <summary>Hash of the partitions that a silo waits for although their holder lives.</summary>
    public string CounterWanted => $"{_prefix}:counters:wanted";

    /// <summary>Who holds a partition of counters. A hash tag of its own: partitions spread over a Redis cluster.</summary>
    public string CounterOwner(int partition) => $"{Partition(partition)}:owner";

    /// <summary>What the last holder of a partition handed over.</summary>
    public string CounterMemory(int partition) => $"{Partition(partition)}:memory";

    /// <summary>The count of a quota.</summary>
    public string Quota(CounterId counter) => $"{Partition(counter.Partition)}:quota:{counter}";

    /// <summary>Hash of the counters that operators find by a key: name of the counter to what it counts.</summary>
    public string QuotaIndex(string gateway, string key) => $"{_prefix}:quotas:{CounterId.Of(gateway, key)}";

    /// <summary>What of a cache is purged.</summary>
    public string CacheRegion(string cache) => $"{_prefix}:caches:{cache}";

    private string Partition(int partition) => string.Create(CultureInfo.InvariantCulture, $"{{gw:{serviceId}:c{partition}}}");
}
