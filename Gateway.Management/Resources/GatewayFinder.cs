using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;

namespace Gateway.Management.Resources;

/// <summary>Tells whether there is a gateway. The built-in one always exists, though it is in no list.</summary>
internal sealed class GatewayFinder(Catalog catalog)
{
    /// <summary>Nothing when it exists, else why it does not.</summary>
    public async Task<GatewayError[]> FindAsync(string gateway, CancellationToken cancellationToken)
    {
        var id = $"/gateways/{gateway}";
        return PathRules.Refuse(id) is { } error ? [error]
            : gateway == CatalogKeys.ManagedGateway ? []
            : [.. (await catalog.Reader.Get(id, cancellationToken)).Errors];
    }

    /// <summary>The answer to a call about a gateway that does not exist; null when it does.</summary>
    public async Task<Answer?> RefuseAsync(string gateway, CancellationToken cancellationToken) =>
        await FindAsync(gateway, cancellationToken) is { Length: > 0 } errors ? ErrorEnvelope.From(errors) : null;
}
