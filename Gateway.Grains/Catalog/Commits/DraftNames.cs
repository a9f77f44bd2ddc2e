using Gateway.Contracts.Results;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>Who will hold which unique name after a change set. Names may be swapped inside one.</summary>
internal sealed class DraftNames
{
    private readonly CatalogDraft _draft;
    private readonly Dictionary<string, string?> _changed = new(StringComparer.Ordinal);

    /// <summary>Gives the names out, in the order of the changes; a name wanted twice is an error of the draft.</summary>
    public DraftNames(CatalogDraft draft)
    {
        _draft = draft;
        foreach (var id in draft.Touched.Keys)
        {
            foreach (var name in draft.State.Find(id)?.Names ?? [])
            {
                _changed[name] = null;
            }
        }

        foreach (var entry in draft.Touched.Values.Where(entry => entry.Content is not null).OrderBy(entry => entry.Index))
        {
            foreach (var name in entry.Content!.Names)
            {
                if (HolderOf(name.Name) is { } holder && holder != entry.Id)
                {
                    draft.Errors.Add(entry.Index, ErrorKind.Conflict, name.Message, name.Property);
                }
                else
                {
                    _changed[name.Name] = entry.Id;
                }
            }
        }
    }

    /// <summary>The id of the resource that will hold a name; null when none will.</summary>
    public string? HolderOf(string name) =>
        (_changed.TryGetValue(name, out var holder) ? holder : _draft.State.HolderOf(name)) is { } id && _draft.Exists(id) ? id : null;
}
