using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.ProductApis;

/// <summary>Links that put an API into a product.</summary>
public sealed class ProductApiKind() : ResourceKind("/products/{productId}/apis/{apiId}")
{
    /// <inheritdoc />
    public override string Summary => "Puts an API into a product.";

    /// <inheritdoc />
    public override ResourceVerbs Verbs => ResourceVerbs.Head | ResourceVerbs.Put | ResourceVerbs.Delete | ResourceVerbs.List;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new() { Summary = "A link; it has no properties." };

    /// <inheritdoc />
    public override IEnumerable<ResourceReference> References(ResourceDraft draft) =>
        [new($"/apis/{draft.Name}", "id", $"The API '{draft.Name}' does not exist.", Goes: true)];
}
