using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>
/// The rules between resources, checked on the whole draft, so that the order inside a change set does not matter: parents
/// and targets of references exist, and nothing goes away that others need.
/// </summary>
internal sealed class DraftRules(CatalogDraft draft, DraftNames names)
{
    /// <summary>Checks the draft; findings go to its errors. Resources that only exist for one that goes, go too.</summary>
    public void Check()
    {
        FollowReferences();
        CheckTargets();
    }

    /// <summary>From everything that goes to everything that refers to it.</summary>
    private void FollowReferences()
    {
        var open = new Queue<DraftEntry>(draft.Touched.Values);
        while (open.TryDequeue(out var entry))
        {
            if (entry.Content is null)
            {
                Follow(entry, entry.Id, open);
            }

            foreach (var name in (draft.State.Find(entry.Id)?.Names ?? []).Where(name => names.HolderOf(name) is null))
            {
                Follow(entry, name, open);
            }
        }
    }

    private void Follow(DraftEntry entry, string target, Queue<DraftEntry> open)
    {
        foreach (var referrer in draft.State.ReferrersOf(target))
        {
            if (draft.Touched.ContainsKey(referrer))
            {
                // It goes as well, or its new content is checked for what it refers to.
                continue;
            }

            var cascade = entry.Content is null && entry.Cascade;
            if (cascade || draft.State.Find(referrer)!.References.Where(reference => reference.Target == target).All(reference => reference.Goes))
            {
                foreach (var gone in draft.Remove(referrer, entry.Index, cascade))
                {
                    open.Enqueue(gone);
                }
            }
            else
            {
                draft.Errors.Add(entry.Index, ErrorKind.Conflict, $"'{entry.Id}' is still used by '{referrer}'.");
            }
        }
    }

    private void CheckTargets()
    {
        foreach (var entry in draft.Touched.Values)
        {
            if (entry.Content is not { } content)
            {
                continue;
            }

            if (ResourcePath.Parent(entry.Id) is { } parent && !draft.Exists(parent) && !ResourceKinds.IsBuiltIn(parent))
            {
                draft.Errors.Add(entry.Index, ErrorKind.ResourceNotFound, $"The parent '{parent}' of '{entry.Id}' does not exist.", "id");
            }

            foreach (var reference in content.References.Where(reference => !TargetExists(reference.Target)))
            {
                var code = reference.Property == "id" ? ErrorKind.ResourceNotFound : ErrorKind.ValidationError;
                draft.Errors.Add(entry.Index, code, reference.Message, reference.Property);
            }
        }
    }

    private bool TargetExists(string target) => target.StartsWith('/') ? draft.Exists(target) : names.HolderOf(target) is not null;
}
