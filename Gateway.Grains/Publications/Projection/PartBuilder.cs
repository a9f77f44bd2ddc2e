using System.Globalization;
using System.Text.Json;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Builds one part of a publication from the image of the catalog: equal images give equal bytes.</summary>
internal sealed class PartBuilder(CatalogImage image, IPolicyTrees trees, string serviceName)
{
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<GatewayError> _errors = [];

    /// <summary>The plain JSON of a part; null when the publication has no such part. Errors: a policy does not compile.</summary>
    public Result<byte[]?> Build(PartKey part)
    {
        _used.Clear();
        _errors.Clear();
        var content = part.Kind switch
        {
            ChunkKind.Service => JsonSerializer.SerializeToUtf8Bytes(Service(), PublicationJson.Default.ServiceChunk),
            ChunkKind.Api => Api(part.Id) is { } api ? JsonSerializer.SerializeToUtf8Bytes(api, PublicationJson.Default.ApiChunk) : null,
            ChunkKind.Subscriptions => Bucket(part.Id) is { } bucket ? JsonSerializer.SerializeToUtf8Bytes(bucket, PublicationJson.Default.SubscriptionsChunk) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "The projection makes no such part."),
        };
        image.NamedValues.Uses(part, [.. _used]);
        return _errors.Count == 0 ? new Result<byte[]?> { Value = content } : _errors.ToArray();
    }

    private ServiceChunk Service() => new()
    {
        ServiceName = serviceName,
        Policy = Tree(image.GlobalPolicy, PolicyScope.Global, "/policies/policy"),
        Products = [.. Products()],
        Backends = image.Assignment.IsDeclared
            ? [.. image.Backends.Select(backend => Entries.Backend(backend.Key, backend.Value, Expand))]
            : [],
    };

    private IEnumerable<ProductEntry> Products()
    {
        foreach (var (id, product) in image.Products)
        {
            string[] apis = [.. product.Apis.Where(IsPublished)];
            if (product.Entry is { } entry && apis.Length > 0)
            {
                yield return entry with { Apis = apis, Policy = Tree(product.Policy, PolicyScope.Product, $"/products/{id}/policies/policy") };
            }
        }
    }

    private ApiChunk? Api(string id) => !IsPublished(id) ? null : image.Apis[id].Header! with
    {
        Policy = Tree(image.Apis[id].Policy, PolicyScope.Api, $"/apis/{id}/policies/policy"),
        Operations =
        [
            .. image.Apis[id].Operations.Where(operation => operation.Value.Entry is not null).Select(operation => operation.Value.Entry! with
            {
                Policy = Tree(operation.Value.Policy, PolicyScope.Operation, $"/apis/{id}/operations/{operation.Key}/policies/policy"),
            }),
        ],
    };

    private SubscriptionsChunk? Bucket(string id)
    {
        var bucket = image.Buckets[int.Parse(id, CultureInfo.InvariantCulture)];
        return bucket.Count == 0 || !image.Assignment.IsDeclared ? null : new SubscriptionsChunk { Subscriptions = [.. bucket.Values] };
    }

    private bool IsPublished(string api) =>
        image.Assignment.Serves(api) && image.Apis.TryGetValue(api, out var found) && found.Header is not null;

    private string Expand(string text) => NamedValueText.Expand(text, name => image.NamedValues[name], _used);

    private string? Tree(string? text, PolicyScope scope, string at)
    {
        if (text is null)
        {
            return null;
        }

        var tree = trees.Compile(text, scope, name => image.NamedValues[name]);
        if (!tree.IsSuccess)
        {
            _errors.AddRange(tree.Errors.Select(error => error with { Target = at }));
            return null;
        }

        _used.UnionWith(tree.Value.NamedValues);
        return tree.Value.Text;
    }
}
