namespace Gateway.Contracts.Publications;

/// <summary>The name of a publication. Numbers compare only inside a lineage.</summary>
[GenerateSerializer, Immutable, Alias("gw.PublicationId")]
public readonly record struct PublicationId(
    [property: Id(0)] string Lineage,
    [property: Id(1)] long Number)
{
    /// <inheritdoc />
    public override string ToString() => $"{Lineage}/{Number}";
}
