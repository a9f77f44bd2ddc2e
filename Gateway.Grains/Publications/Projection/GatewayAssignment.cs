using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Caches;

namespace Gateway.Grains.Publications.Projection;

/// <summary>
/// Which APIs a gateway serves: those linked to it. The catalog links each new API to the built-in gateway, so that one serves
/// all but the unassigned.
/// </summary>
internal sealed class GatewayAssignment(string gateway)
{
    private readonly HashSet<string> _apis = new(StringComparer.Ordinal);
    private readonly bool _isBuiltIn = ResourceKinds.IsBuiltIn($"/gateways/{gateway}");
    private bool _isStored;
    private string? _location;

    /// <summary>True when the catalog has the gateway; a built-in one is always there.</summary>
    public bool IsDeclared => _isBuiltIn || _isStored;

    /// <summary>Takes in the gateway itself, or its end.</summary>
    public void SetGateway(JsonObject? properties)
    {
        _isStored = properties is not null;
        _location = properties?.Object("locationData")?.Text("name");
    }

    /// <summary>The names of the places that the gateway stands in, the narrowest first.</summary>
    public IEnumerable<string> Locations => ((string?[])[_location, gateway, CacheKind.AnyLocation]).OfType<string>();

    /// <summary>Takes in the link between the gateway and an API, or its end.</summary>
    public void SetApi(string api, JsonObject? properties)
    {
        if (properties is null)
        {
            _apis.Remove(api);
        }
        else
        {
            _apis.Add(api);
        }
    }

    /// <summary>True when the gateway serves the API.</summary>
    public bool Serves(string api) => IsDeclared && _apis.Contains(api);
}
