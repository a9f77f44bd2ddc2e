using System.Text.Json.Serialization;
using Gateway.Contracts.Caching;

namespace Gateway.Grains.Caching;

/// <summary>Purges as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CacheEpochs))]
internal sealed partial class RegionJson : JsonSerializerContext;
