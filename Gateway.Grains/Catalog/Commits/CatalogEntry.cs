using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.NamedValues;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>A committed resource with what the checks need to know of it.</summary>
internal sealed record CatalogEntry(CatalogRecord Record, ResourceKind? Kind, IReadOnlyList<ResourceReference> References, IReadOnlyList<string> Names)
{
    /// <summary>From a record. A resource of a kind that this program does not know refers to nothing.</summary>
    public static CatalogEntry Of(CatalogRecord record, RecordContent content)
    {
        if (ResourceKinds.Match(record.Id)?.Kind is not { } kind)
        {
            return new CatalogEntry(record, null, [], []);
        }

        if (kind is PolicyKind)
        {
            return new CatalogEntry(record, kind, [.. record.References.Select(PolicyReference)], []);
        }

        var draft = new ResourceDraft(record.Id, content.Open(record), IsNew: false, default);
        return new CatalogEntry(record, kind, [.. kind.References(draft)], [.. kind.UniqueNames(draft).Select(name => name.Name)]);
    }

    /// <summary>A reference that a policy document makes.</summary>
    public static ResourceReference PolicyReference(string target) => new(
        target,
        "properties.value",
        target.StartsWith('/') ? $"The resource '{target}' does not exist." : $"The named value '{target[(target.IndexOf(':') + 1)..]}' does not exist.");

    /// <summary>The references of a checked document, as stored.</summary>
    public static string[] PolicyReferences(PolicyChecks.PolicyVerdict verdict) =>
    [
        .. verdict.NamedValues.Select(NamedValueKind.UniqueName).Distinct(),
        .. verdict.Backends.Select(id => $"/backends/{id}").Distinct(),
    ];
}
