using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.GatewayApis;

/// <summary>
/// Links that make a gateway serve an API. The built-in gateway has such links too: one comes with every new API, deleting
/// it un-assigns the API, a PUT assigns it again.
/// </summary>
public sealed class GatewayApiKind() : ResourceKind("/gateways/{gatewayId}/apis/{apiId}")
{
    /// <inheritdoc />
    public override string Summary => "Makes a gateway serve an API.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.Head | ResourceVerbs.Put | ResourceVerbs.Delete | ResourceVerbs.List;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A link.",
        ["provisioningState"] = new ChoiceSchema("created") { Summary = "Always created.", IsReadOnly = true },
    };

    /// <inheritdoc />
    public override IEnumerable<ResourceReference> References(ResourceDraft draft) =>
        [new($"/apis/{draft.Name}", "id", $"The API '{draft.Name}' does not exist.", Goes: true)];
}
