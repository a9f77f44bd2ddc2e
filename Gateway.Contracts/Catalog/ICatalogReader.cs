using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog;

/// <summary>Reads the catalog from the state store. A stateless worker. Key: <see cref="CatalogKeys.Service"/>.</summary>
[Alias("gw.ICatalogReader")]
public interface ICatalogReader : IGrainWithStringKey
{
    /// <summary>The resource at this path, or <see cref="ErrorKind.ResourceNotFound"/>.</summary>
    [Alias("Get")]
    Task<Result<Resource>> Get(string id, CancellationToken cancellationToken);

    /// <summary>
    /// The resources directly in a collection (<c>/apis</c>, <c>/products/p/apis</c>), in the order of their ids.
    /// <see cref="ErrorKind.ResourceNotFound"/> when the collection's parent does not exist.
    /// </summary>
    [Alias("List")]
    Task<Result<ResourcePage>> List(ResourceQuery query, CancellationToken cancellationToken);

    /// <summary>The secret properties of a resource as a UTF-8 JSON object; empty object when it has none.</summary>
    [Alias("GetSecrets")]
    Task<Result<byte[]>> GetSecrets(string id, CancellationToken cancellationToken);
}

/// <summary>Which resources of a collection to list.</summary>
[GenerateSerializer, Immutable, Alias("gw.ResourceQuery")]
public sealed record ResourceQuery
{
    /// <summary>The collection's path, without a slash at the end.</summary>
    [Id(0)] public required string Collection { get; init; }

    /// <summary>How many to leave out; 0 or more.</summary>
    [Id(1)] public int Skip { get; init; }

    /// <summary>How many to return at most; 1 to 1000.</summary>
    [Id(2)] public int Top { get; init; } = 100;
}

/// <summary>A part of a collection.</summary>
[GenerateSerializer, Immutable, Alias("gw.ResourcePage")]
public sealed record ResourcePage(
    [property: Id(0)] Resource[] Resources,
    [property: Id(1)] int Total);
