using System.Globalization;
using StackExchange.Redis;

namespace Gateway.Grains.Publications.Storage;

/// <summary>The keys of publications. All share one hash tag, so that transactions work on a cluster too.</summary>
internal sealed class PublicationStoreKeys(string serviceId)
{
    private readonly string _prefix = $"{{gw:{serviceId}}}:";

    /// <summary>The life of the catalog; written by the catalog.</summary>
    public RedisKey Lineage => _prefix + "lineage";

    /// <summary>The sealed key that signs manifests.</summary>
    public RedisKey SigningKey => _prefix + "signing-key";

    /// <summary>Lineage and number of the current publication.</summary>
    public RedisKey Manifest(string gateway) => $"{_prefix}p:{gateway}:manifest";

    /// <summary>A kept manifest.</summary>
    public RedisKey Manifest(string gateway, long number) => $"{_prefix}p:{gateway}:m:{number.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The body of a chunk.</summary>
    public RedisKey Body(string gateway, string name) => $"{_prefix}p:{gateway}:c:{name}";
}
