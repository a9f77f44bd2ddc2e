using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Federation;

/// <summary>
/// What the copy of the hub's publication tells of the hub's catalog: APIs, their operations, products, their APIs, backends, and subscriptions without their keys. Secrets are left out. Nothing is
/// kept in memory: a question reads the chunks that it is about.
/// </summary>
internal sealed class HubCatalog(IPublicationStore store, CatalogOptions options)
{
    private const int Attempts = 3;

    private readonly ChunkCodec _codec = ChunkCodec.ForFederation(options.SiteKey.Publication);

    /// <summary>One resource.</summary>
    public Task<Result<Resource>> GetAsync(string id) => ReadAsync<Resource>(async copy =>
        await ResourcesAsync(copy, ResourcePath.Collection(id), ResourcePath.Name(id)) is { } found && found.Find(resource => resource.Id == id) is { } resource
            ? await CompleteAsync(copy, resource)
            : NotKnown(id));

    /// <summary>Those of one collection, in the order of their ids.</summary>
    /// <param name="collection">The collection's path.</param>
    /// <param name="skip">How many to leave out.</param>
    /// <param name="top">How many to give at most.</param>
    public Task<Result<ResourcePage>> ListAsync(string collection, int skip, int top) => ReadAsync<ResourcePage>(async copy =>
    {
        if (await ResourcesAsync(copy, collection, null) is not { } all)
        {
            return NotKnown(collection);
        }

        all.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
        var page = new List<Resource>();
        foreach (var resource in all.Skip(skip).Take(top))
        {
            page.Add(await CompleteAsync(copy, resource));
        }

        return new ResourcePage([.. page], all.Count);
    });

    private async Task<Result<T>> ReadAsync<T>(Func<PublishedState, Task<Result<T>>> readAsync)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await HubCopy.Loader(store, _codec).LoadAsync() is not { } copy)
            {
                return new GatewayError(ErrorKind.ServiceUnavailable, "The site has no publication of its hub yet.");
            }

            try
            {
                return await readAsync(copy);
            }
            catch (InvalidDataException) when (attempt < Attempts)
            {
                // The copy was replaced while it was read.
            }
        }
    }

    // Null for a collection that the copy knows nothing of. APIs come without their properties, because of many a page is asked for.
    private async Task<List<Resource>?> ResourcesAsync(PublishedState copy, string collection, string? name)
    {
        switch (collection.Split('/')[1..])
        {
            case ["apis"]:
                return [.. copy.Index.Parts.Where(part => part.Kind == ChunkKind.Api && (name is null || part.Id == name)).Select(part => Resource(copy, $"/apis/{part.Id}", part, null))];
            case ["apis", var api, "operations"] when copy.Index.Find(new PartKey(ChunkKind.Api, api)) is { } part:
                return [.. (await ChunkAsync(part, PublicationJson.Default.ApiChunk)).Operations.Select(operation => Resource(copy, $"{collection}/{operation.Id}", part, new()
                {
                    ["displayName"] = operation.DisplayName, ["method"] = operation.Method, ["urlTemplate"] = operation.UrlTemplate,
                }))];
            case ["products"]:
                var (products, service) = await ServiceAsync(copy);
                return [.. products.Products.Select(product => Resource(copy, $"/products/{product.Id}", service, new()
                {
                    ["displayName"] = product.DisplayName,
                    ["subscriptionRequired"] = product.SubscriptionRequired,
                    ["approvalRequired"] = product.ApprovalRequired,
                    ["state"] = product.Published ? "published" : "notPublished",
                }))];
            case ["products", var id, "apis"]:
                var (all, head) = await ServiceAsync(copy);
                return all.Products.FirstOrDefault(product => product.Id == id) is { } holder ? [.. holder.Apis.Select(api => Resource(copy, $"{collection}/{api}", head, []))] : null;
            case ["backends"]:
                var (backends, chunk) = await ServiceAsync(copy);
                return [.. backends.Backends.Select(backend => Resource(copy, $"/backends/{backend.Id}", chunk, new() { ["url"] = backend.Url, ["protocol"] = "http" }))];
            case ["subscriptions"]:
                return await SubscriptionsAsync(copy, name);
            default:
                return null;
        }
    }

    private async Task<List<Resource>> SubscriptionsAsync(PublishedState copy, string? name)
    {
        var resources = new List<Resource>();
        foreach (var part in copy.Index.Parts.Where(part => part.Kind == ChunkKind.Subscriptions && (name is null || part.Id == SubscriptionBuckets.Name(SubscriptionBuckets.Of(name)))))
        {
            var bucket = await ChunkAsync(part, PublicationJson.Default.SubscriptionsChunk);
            resources.AddRange(bucket.Subscriptions.Select(subscription => Resource(copy, $"/subscriptions/{subscription.Id}", part, new()
            {
                ["displayName"] = subscription.DisplayName, ["scope"] = subscription.Scope, ["state"] = "active", ["createdDate"] = subscription.CreatedDate,
            })));
        }

        return resources;
    }

    private async Task<Resource> CompleteAsync(PublishedState copy, Resource resource)
    {
        if (resource.Properties.Length > 0)
        {
            return resource;
        }

        var api = await ChunkAsync(copy.Index.Find(new PartKey(ChunkKind.Api, ResourcePath.Name(resource.Id)))!, PublicationJson.Default.ApiChunk);
        return resource with
        {
            Properties = JsonText.Write(new JsonObject
            {
                ["displayName"] = api.DisplayName,
                ["path"] = api.Path,
                ["protocols"] = new JsonArray([.. api.Protocols.Select(protocol => (JsonNode)protocol)]),
                ["serviceUrl"] = api.ServiceUrl,
                ["type"] = api.Type,
                ["apiRevision"] = api.Revision,
                ["subscriptionRequired"] = api.SubscriptionRequired,
                ["subscriptionKeyParameterNames"] = new JsonObject { ["header"] = api.KeyHeader, ["query"] = api.KeyQuery },
            }),
        };
    }

    private async Task<(ServiceChunk Chunk, ChunkReference Reference)> ServiceAsync(PublishedState copy) =>
        copy.Index.Find(PartKey.Service) is { } part ? (await ChunkAsync(part, PublicationJson.Default.ServiceChunk), part) : throw new InvalidDataException("The copy has no service-wide part.");

    private async Task<T> ChunkAsync<T>(ChunkReference part, JsonTypeInfo<T> type)
    {
        var body = (await store.BodiesAsync(HubCopy.Place, [part.Name]))[0] ?? throw new InvalidDataException($"Chunk {part.Kind} '{part.Id}' of the copy is gone.");
        var plain = _codec.Decode(part.Name, body);
        var read = plain.IsSuccess ? FederatedPart.Read(plain.Value) : plain.Errors;
        return read.IsSuccess && JsonSerializer.Deserialize(read.Value.Content.Span, type) is { } chunk
            ? chunk
            : throw new InvalidDataException($"Chunk {part.Kind} '{part.Id}' of the copy cannot be read.");
    }

    private static Resource Resource(PublishedState copy, string id, ChunkReference part, JsonObject? properties) => new()
    {
        Id = id, ETag = part.Name, Version = copy.Manifest.CatalogVersion, Properties = properties is null ? [] : JsonText.Write(properties),
    };

    private static GatewayError NotKnown(string id) => new(
        ErrorKind.ResourceNotFound,
        $"'{id}' is not known here: of its hub's catalog a site knows the APIs that are assigned to it, with their operations, products and subscriptions, and backends. Ask the hub for the rest.");
}
