using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Gateways;

/// <summary>Gateways: sites that serve a part of the APIs.</summary>
public sealed class GatewayKind() : ResourceKind("/gateways/{gatewayId}")
{
    /// <inheritdoc />
    public override string Summary => "A gateway: a site that serves the APIs linked to it.";

    /// <inheritdoc />
    public override IReadOnlyList<string> BuiltIn { get; } = [$"/gateways/{CatalogKeys.ManagedGateway}"];

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A gateway.",
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 1000 },
        ["locationData"] = new ObjectSchema
        {
            Summary = "Where it stands.",
            ["name"] = new TextSchema { Summary = "The place's name; 1 to 256 characters.", IsRequired = true, Maximum = 256 },
            ["city"] = new TextSchema { Summary = "The city.", Minimum = 0, Maximum = 256 },
            ["district"] = new TextSchema { Summary = "The district.", Minimum = 0, Maximum = 256 },
            ["countryOrRegion"] = new TextSchema { Summary = "The country or region.", Minimum = 0, Maximum = 256 },
        },
        ["primaryKey"] = GatewayKeys.Schema("primary"),
        ["secondaryKey"] = GatewayKeys.Schema("secondary"),
    };

    /// <inheritdoc />
    public override IReadOnlyList<ResourceAction> Actions => GatewayKeys.Actions;

    /// <inheritdoc />
    public override void Complete(ResourceDraft draft)
    {
        draft.Properties["primaryKey"] ??= GatewayKeys.New();
        draft.Properties["secondaryKey"] ??= GatewayKeys.New();
    }
}
