using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Grains.Publications.Projection;

/// <summary>What became of a part.</summary>
/// <param name="Plain">Its plain JSON; null when the publication has no such part.</param>
/// <param name="Program">Its expressions; null when it has none.</param>
internal sealed record BuiltPart(byte[]? Plain, ProgramSource? Program);

/// <summary>Builds one part of a publication from the image of the catalog: equal images give equal bytes.</summary>
internal sealed class PartBuilder(CatalogImage image, IPolicyTrees trees, string serviceName)
{
    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _included = new(StringComparer.Ordinal);
    private readonly List<GatewayError> _errors = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _slotsOf = new(StringComparer.Ordinal);

    /// <summary>The part as it is now. Errors: a policy does not compile.</summary>
    public Result<BuiltPart> Build(PartKey part)
    {
        _used.Clear();
        _included.Clear();
        _errors.Clear();
        _slotsOf.Clear();
        var built = part.Kind switch
        {
            ChunkKind.Service => Finish(Service(), (service, program) => service.WithPolicies(tree => Numbered(tree, program)), PublicationJson.Default.ServiceChunk),
            ChunkKind.Api => Finish(Api(part.Id), (api, program) => api.WithPolicies(tree => Numbered(tree, program)), PublicationJson.Default.ApiChunk),
            ChunkKind.Subscriptions => Finish(Bucket(part.Id), (bucket, _) => bucket, PublicationJson.Default.SubscriptionsChunk),
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "The projection makes no such part."),
        };
        image.NamedValues.Uses.Set(part, [.. _used]);
        image.Fragments.Uses.Set(part, [.. _included]);
        return _errors.Count == 0 ? built : _errors.ToArray();
    }

    // The expressions of all documents are known only when all are compiled: then they become one program.
    private BuiltPart Finish<T>(T? chunk, Func<T, ProgramSource, T> numbered, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) where T : class
    {
        if (chunk is null)
        {
            return new BuiltPart(null, null);
        }

        var program = _slotsOf.Count == 0 ? null : new ProgramSource(_slotsOf.Values.SelectMany(slots => slots));
        return new BuiltPart(JsonSerializer.SerializeToUtf8Bytes(program is null ? chunk : numbered(chunk, program), type), program);
    }

    private string? Numbered(string? tree, ProgramSource program) =>
        tree is null || !_slotsOf.TryGetValue(tree, out var slots) ? tree : SharedSlots.Number(tree, slots, program);

    private ServiceChunk Service() => new()
    {
        ServiceName = serviceName,
        Policy = Tree(image.GlobalPolicy, PolicyScope.Global, "/policies/policy"),
        Products = [.. Products()],
        Backends = Shared(image.Backends, (id, properties) => Entries.Backend(id, properties, Expand)),
        Certificates = Shared(image.Certificates, Entries.Certificate),
        Cache = Cache(),
        Loggers = Shared(image.Loggers, (id, properties) => Entries.Logger(id, properties, Expand)),
        Schemas = Shared(image.Schemas, Entries.Schema),
    };

    /// <summary>The cache of the place that the gateway stands in.</summary>
    private CacheEntry? Cache()
    {
        var caches = Shared(image.Caches, (id, properties) => (Location: properties.Text("useFromLocation") ?? id, Id: id, ConnectionString: properties.Text("connectionString")));
        var found = image.Assignment.Locations
            .SelectMany(location => caches.Where(cache => cache.Location.Equals(location, StringComparison.OrdinalIgnoreCase)))
            .FirstOrDefault(cache => cache.ConnectionString is not null);
        return found.ConnectionString is { } connection ? new() { Id = found.Id, ConnectionString = Expand(connection) } : null;
    }

    private T[] Shared<T>(SortedDictionary<string, JsonObject> resources, Func<string, JsonObject, T> entry) =>
        image.Assignment.IsDeclared ? [.. resources.Select(resource => entry(resource.Key, resource.Value))] : [];

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

    private ApiChunk? Api(string id)
    {
        if (!IsPublished(id))
        {
            return null;
        }

        var policy = Tree(image.Apis[id].Policy, PolicyScope.Api, $"/apis/{id}/policies/policy");
        var asksForTypes = Mocks(policy) || JudgesBodies(policy);
        var api = image.Apis[id].Header! with
        {
            Policy = policy,
            Operations = [.. image.Apis[id].Operations.Where(operation => operation.Value.Entry is not null).Select(operation =>
            {
                var own = Tree(operation.Value.Policy, PolicyScope.Operation, $"/apis/{id}/operations/{operation.Key}/policies/policy");
                asksForTypes |= Mocks(own) || JudgesBodies(own);
                return operation.Value.Entry! with { Policy = own, Examples = Mocks(policy) || Mocks(own) ? operation.Value.Entry.Examples : null };
            })],
        };
        return asksForTypes && image.Apis[id].Schemas.Count > 0 ? api with { Schemas = [.. image.Apis[id].Schemas.Values] } : api;
    }

    /// <summary>Examples and types are long and most APIs have some: they go where they may be asked for.</summary>
    private static bool Mocks(string? tree) => tree?.Contains("\"mock-response\"", StringComparison.Ordinal) ?? false;

    private static bool JudgesBodies(string? tree) => tree?.Contains("\"validate-content\"", StringComparison.Ordinal) ?? false;

    private SubscriptionsChunk? Bucket(string id)
    {
        var bucket = image.Buckets[int.Parse(id, CultureInfo.InvariantCulture)];
        return bucket.Count == 0 || !image.Assignment.IsDeclared ? null : new SubscriptionsChunk { Subscriptions = [.. bucket.Values] };
    }

    private bool IsPublished(string api) =>
        image.Assignment.Serves(api) && image.Apis.TryGetValue(api, out var found) && found.Header is not null;

    private string Expand(string text) => NamedValueText.Expand(text, name => image.NamedValues[name], _used);

    private string? Tree(DocumentText? document, PolicyScope scope, string at)
    {
        if (document is null)
        {
            return null;
        }

        var tree = trees.Compile(document, scope, name => image.NamedValues[name], id => image.Fragments[id]);
        if (!tree.IsSuccess)
        {
            _errors.AddRange(tree.Errors.Select(error => error with { Target = at }));
            return null;
        }

        _used.UnionWith(tree.Value.NamedValues);
        _included.UnionWith(tree.Value.Fragments);
        if (tree.Value.Slots.Count > 0)
        {
            _slotsOf[tree.Value.Text] = tree.Value.Slots;
        }

        return tree.Value.Text;
    }
}
