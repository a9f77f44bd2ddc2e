using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Caches;

/// <summary>External caches: a Redis that the gateways of a place keep responses and values in.</summary>
public sealed class CacheKind() : ResourceKind("/caches/{cacheId}")
{
    /// <summary>The place that stands for all that have no cache of their own.</summary>
    public const string AnyLocation = "default";

    /// <inheritdoc />
    public override string Summary => "An external cache: a Redis that the gateways of a place keep responses and values in.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "An external cache.",
        ["connectionString"] = new TextSchema
        {
            Summary = "StackExchange.Redis form, such as redis-1:6380,password=…,ssl=true; up to 4000 characters; may hold {{name}}. Stored encrypted, in no answer; a PUT without it keeps it.",
            Maximum = 4000, IsSecret = true, IsRequired = true,
        },
        ["useFromLocation"] = new TextSchema
        {
            Summary = "Who uses it: the name in a gateway's locationData, or a gateway's id; default: gateways without a cache of their own. 1 to 256 characters; no two caches have the same.",
            Maximum = 256, IsRequired = true,
        },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 2000 },
        ["resourceId"] = new TextSchema { Summary = "The resource it stands for elsewhere.", Minimum = 0, Maximum = 2000 },
    };

    /// <inheritdoc />
    public override IEnumerable<UniqueName> UniqueNames(ResourceDraft draft) => draft.Text("useFromLocation") is { } location
        ? [new($"cache-location:{location.ToUpperInvariant()}", "properties.useFromLocation", $"Another cache is used from the location '{location}'.")]
        : [];
}
