using System.Text.Json.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Grains.Catalog;

namespace Gateway.Grains.Publications.Projection;

/// <summary>
/// What of the catalog matters to one gateway's publications. Taking in a changed resource marks the parts that are to be
/// built again; resources of kinds that edges do not need mark none.
/// </summary>
internal sealed class CatalogImage(string gateway)
{
    private readonly HashSet<PartKey> _dirty = [];

    /// <summary>The APIs, those that this gateway does not serve included.</summary>
    public SortedDictionary<string, ApiImage> Apis { get; } = new(StringComparer.Ordinal);

    /// <summary>The products.</summary>
    public SortedDictionary<string, ProductImage> Products { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties of the backends.</summary>
    public SortedDictionary<string, JsonObject> Backends { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties of the certificates.</summary>
    public SortedDictionary<string, JsonObject> Certificates { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties of the external caches.</summary>
    public SortedDictionary<string, JsonObject> Caches { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties of the loggers.</summary>
    public SortedDictionary<string, JsonObject> Loggers { get; } = new(StringComparer.Ordinal);

    /// <summary>The properties of the schemas.</summary>
    public SortedDictionary<string, JsonObject> Schemas { get; } = new(StringComparer.Ordinal);

    /// <summary>The active subscriptions of each bucket.</summary>
    public SortedDictionary<string, SubscriptionEntry>[] Buckets { get; } =
        [.. Enumerable.Range(0, SubscriptionBuckets.Count).Select(_ => new SortedDictionary<string, SubscriptionEntry>(StringComparer.Ordinal))];

    /// <summary>The named values.</summary>
    public NamedValueTable NamedValues { get; } = new();

    /// <summary>The policy fragments.</summary>
    public FragmentTable Fragments { get; } = new();

    /// <summary>Which APIs this gateway serves.</summary>
    public GatewayAssignment Assignment { get; } = new(gateway);

    /// <summary>The global policy document; null when there is none.</summary>
    public DocumentText? GlobalPolicy { get; private set; }

    /// <summary>The parts to build again since the last call.</summary>
    public IReadOnlyCollection<PartKey> TakeDirty()
    {
        PartKey[] dirty = [.. _dirty];
        _dirty.Clear();
        return dirty;
    }

    /// <summary>Marks parts as to be built again: those whose building failed.</summary>
    public void Mark(IEnumerable<PartKey> parts) => _dirty.UnionWith(parts);

    /// <summary>Takes in a resource, or its end.</summary>
    public void Take(CatalogContent record)
    {
        var properties = record.Properties;
        switch (record.Id.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["policies", _]:
                GlobalPolicy = DocumentText.Of(properties);
                _dirty.Add(PartKey.Service);
                break;
            case ["apis", var api]:
                TakeApi(api, properties);
                break;
            case ["apis", var api, "policies", _]:
                ChangeApi(api, image => image.Policy = DocumentText.Of(properties));
                break;
            case ["apis", var api, "schemas", var schema]:
                ChangeApi(api, image => image.ChangeSchema(schema, properties is null ? null : Entries.ApiSchema(schema, properties)));
                break;
            case ["apis", var api, "operations", var operation]:
                ChangeApi(api, image => image.ChangeOperation(operation, it => it.Entry = properties is null ? null : Entries.Operation(operation, properties)));
                break;
            case ["apis", var api, "operations", var operation, "policies", _]:
                ChangeApi(api, image => image.ChangeOperation(operation, it => it.Policy = DocumentText.Of(properties)));
                break;
            case ["products", var product]:
                ChangeProduct(product, image => image.Entry = properties is null ? null : Entries.Product(product, properties));
                break;
            case ["products", var product, "policies", _]:
                ChangeProduct(product, image => image.Policy = DocumentText.Of(properties));
                break;
            case ["products", var product, "apis", var api]:
                ChangeProduct(product, image => image.Link(api, properties is not null));
                break;
            case ["subscriptions", var subscription]:
                TakeSubscription(subscription, properties);
                break;
            case ["namedValues", var namedValue]:
                _dirty.UnionWith(NamedValues.Set(namedValue, properties));
                break;
            case ["policyFragments", var fragment]:
                _dirty.UnionWith(Fragments.Set(fragment, DocumentText.Of(properties)));
                break;
            case ["backends", var backend]:
                TakeShared(Backends, backend, properties);
                break;
            case ["certificates", var certificate]:
                TakeShared(Certificates, certificate, properties);
                break;
            case ["caches", var cache]:
                TakeShared(Caches, cache, properties);
                break;
            case ["loggers", var logger]:
                TakeShared(Loggers, logger, properties);
                break;
            case ["schemas", var schema]:
                TakeShared(Schemas, schema, properties);
                break;
            case ["gateways", var id] when id == gateway:
                Assignment.SetGateway(properties);
                _dirty.Add(PartKey.Service);
                break;
            case ["gateways", var id, "apis", var api] when id == gateway:
                Assignment.SetApi(api, properties);
                _dirty.Add(PartKey.Api(api));
                _dirty.Add(PartKey.Service);
                break;
        }
    }

    private void TakeApi(string api, JsonObject? properties)
    {
        var known = Apis.TryGetValue(api, out var image) && image.Header is not null;
        ChangeApi(api, it => it.Header = properties is null ? null : Entries.Api(api, properties));
        if (known != properties is not null)
        {
            // Products list the APIs that exist.
            _dirty.Add(PartKey.Service);
        }
    }

    private void ChangeApi(string api, Action<ApiImage> change)
    {
        _dirty.Add(PartKey.Api(api));
        if (!Apis.TryGetValue(api, out var image))
        {
            Apis[api] = image = new ApiImage();
        }

        change(image);
        if (image.IsEmpty)
        {
            Apis.Remove(api);
        }
    }

    private void ChangeProduct(string product, Action<ProductImage> change)
    {
        _dirty.Add(PartKey.Service);
        if (!Products.TryGetValue(product, out var image))
        {
            Products[product] = image = new ProductImage();
        }

        change(image);
        if (image.IsEmpty)
        {
            Products.Remove(product);
        }
    }

    private void TakeSubscription(string subscription, JsonObject? properties)
    {
        _dirty.Add(PartKey.BucketOf(subscription));
        var bucket = Buckets[SubscriptionBuckets.Of(subscription)];
        if (properties is not null && Entries.Subscription(subscription, properties) is { } entry)
        {
            bucket[subscription] = entry;
        }
        else
        {
            bucket.Remove(subscription);
        }
    }

    /// <summary>Takes in a resource that all APIs share.</summary>
    private void TakeShared(SortedDictionary<string, JsonObject> resources, string id, JsonObject? properties)
    {
        _dirty.Add(PartKey.Service);
        if (properties is null)
        {
            resources.Remove(id);
        }
        else
        {
            resources[id] = properties;
        }
    }
}
