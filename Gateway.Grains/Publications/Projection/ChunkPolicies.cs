using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>The checked trees in chunks.</summary>
internal static class ChunkPolicies
{
    /// <summary>The chunk with other trees.</summary>
    /// <param name="service">The chunk.</param>
    /// <param name="change">Gives the tree to put in the place of one; null where there is none.</param>
    public static ServiceChunk WithPolicies(this ServiceChunk service, Func<string?, string?> change) => service with
    {
        Policy = change(service.Policy),
        Products = [.. service.Products.Select(product => product with { Policy = change(product.Policy) })],
    };

    /// <inheritdoc cref="WithPolicies(ServiceChunk, Func{string?, string?})"/>
    public static ApiChunk WithPolicies(this ApiChunk api, Func<string?, string?> change) => api with
    {
        Policy = change(api.Policy),
        Operations = [.. api.Operations.Select(operation => operation with { Policy = change(operation.Policy) })],
    };
}
