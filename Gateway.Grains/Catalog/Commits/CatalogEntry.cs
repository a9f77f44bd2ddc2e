using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.NamedValues;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Grains.Catalog.PolicyChecks;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>A committed resource with what the checks need to know of it.</summary>
internal sealed record CatalogEntry(CatalogRecord Record, ResourceKind? Kind, IReadOnlyList<ResourceReference> References, IReadOnlyList<string> Names)
{
    private const string Property = "properties.value";

    /// <summary>From a record. A resource of a kind that this program does not know refers to nothing.</summary>
    public static CatalogEntry Of(CatalogRecord record, RecordContent content)
    {
        if (ResourceKinds.Match(record.Id)?.Kind is not { } kind)
        {
            return new CatalogEntry(record, null, [], []);
        }

        if (kind is PolicyDocumentKind)
        {
            return new CatalogEntry(record, kind, [.. record.References.Select(PolicyReference)], []);
        }

        var draft = new ResourceDraft(record.Id, content.Open(record), IsNew: false, default);
        return new CatalogEntry(record, kind, [.. kind.References(draft)], [.. kind.UniqueNames(draft).Select(name => name.Name)]);
    }

    /// <summary>A reference that a stored policy document makes.</summary>
    public static ResourceReference PolicyReference(string target) => new(
        target,
        Property,
        target.StartsWith('/') ? $"The resource '{target}' does not exist." : $"The named value '{target[(target.IndexOf(':') + 1)..]}' does not exist.");

    /// <summary>The references of a checked document, each target once.</summary>
    public static ResourceReference[] PolicyReferences(PolicyVerdict verdict) =>
    [
        .. verdict.NamedValues.Select(NamedValueKind.UniqueName).Concat(verdict.Backends.Select(id => $"/backends/{id}"))
            .Except(verdict.References.Select(reference => reference.Path)).Select(PolicyReference),
        .. verdict.References.DistinctBy(reference => reference.Path).Select(reference => new ResourceReference(
            reference.Path, Property, PolicyMessages.At(reference.Element, reference.Line, reference.Column, $"The resource '{reference.Path}' does not exist."))),
    ];
}
