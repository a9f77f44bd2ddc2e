namespace Gateway.Contracts.Catalog;

/// <summary>Writes policy documents in the spelling that a reader asks for. A stateless worker. Key: <see cref="CatalogKeys.Service"/>.</summary>
[Alias("gw.IPolicySpeller")]
public interface IPolicySpeller : IGrainWithStringKey
{
    /// <summary>The same document, so that saving it means the same.</summary>
    /// <param name="text">The document as it was saved.</param>
    /// <param name="isRaw">True when it was saved as <c>rawxml</c>.</param>
    /// <param name="asRaw">True for expressions as they are typed, false for XML.</param>
    [Alias("Spell")]
    Task<string> Spell(string text, bool isRaw, bool asRaw);
}
