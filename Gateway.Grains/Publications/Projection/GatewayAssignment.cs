using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Which APIs a gateway serves: the built-in one all but the unassigned, every other one those assigned to it.</summary>
internal sealed class GatewayAssignment(string gateway)
{
    private readonly HashSet<string> _listed = new(StringComparer.Ordinal);
    private readonly bool _isManaged = gateway == CatalogKeys.ManagedGateway;

    /// <summary>True when the catalog has the gateway; the built-in one is always there.</summary>
    public bool IsDeclared { get; set => field = value || _isManaged; } = gateway == CatalogKeys.ManagedGateway;

    /// <summary>Takes in the link between the gateway and an API, or its end.</summary>
    public void Set(string api, JsonObject? properties)
    {
        if (properties is null)
        {
            _listed.Remove(api);
        }
        else
        {
            _listed.Add(api);
        }
    }

    /// <summary>True when the gateway serves the API.</summary>
    public bool Serves(string api) => IsDeclared && _listed.Contains(api) != _isManaged;
}
