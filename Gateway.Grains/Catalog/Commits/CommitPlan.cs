using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>A change set against one state of the catalog: a refusal, or the entries to write. Pure.</summary>
internal sealed class CommitPlan
{
    private readonly CatalogState _state;
    private readonly RecordContent _content;
    private readonly CommitRequest _request;
    private readonly ChangeOutcome[] _outcomes;

    private CommitPlan(CatalogState state, RecordContent content, CommitRequest request)
    {
        _state = state;
        _content = content;
        _request = request;
        _outcomes = new ChangeOutcome[request.Changes.Length];
    }

    /// <summary>Why nothing is written: errors, or documents to check first.</summary>
    public CommitOutcome? Refusal { get; private set; }

    /// <summary>The entries to write; null for those that go.</summary>
    public Dictionary<string, CatalogEntry?> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Applies the changes to a draft and checks it.</summary>
    public static CommitPlan Make(CatalogState state, RecordContent content, CommitRequest request, DateTimeOffset now, bool isTrial = false)
    {
        var plan = new CommitPlan(state, content, request);
        plan.Run(new CatalogDraft(state, content, now), isTrial);
        return plan;
    }

    /// <summary>Takes the entries into the state, after they were committed.</summary>
    public ChangeSetReceipt Accept()
    {
        foreach (var (id, entry) in Entries)
        {
            _state.Set(id, entry);
        }

        if (Entries.Count > 0)
        {
            _state.Head = _state.Head with { Version = _state.Head.Version + 1 };
        }

        return new ChangeSetReceipt(_state.Head.Version, [.. _request.Changes.Select((change, index) => new ChangeReceipt(
            change.Id,
            _outcomes[index],
            _state.Find(change.Id) is { } entry ? _content.ToResource(entry.Record) : null))]);
    }

    /// <summary>What <see cref="Accept"/> would give, without the resources.</summary>
    public ChangeSetReceipt Foresee() =>
        new(_state.Head.Version, [.. _request.Changes.Select((change, index) => new ChangeReceipt(change.Id, _outcomes[index], null))]);

    private void Run(CatalogDraft draft, bool isTrial)
    {
        for (var i = 0; i < _outcomes.Length; i++)
        {
            _outcomes[i] = draft.Apply(_request.Changes[i], i);
        }

        var names = new DraftNames(draft);
        var toCheck = new PolicyCheckPlan(draft, names, _request.Verdicts.ToDictionary(verdict => verdict.Key, StringComparer.Ordinal)).Run(isTrial && _outcomes.Length == 0);
        if (toCheck.Count > 0)
        {
            Refusal = new CommitOutcome { ToCheck = [.. toCheck] };
            return;
        }

        new DraftRules(draft, names).Check();
        if (!draft.Errors.IsEmpty)
        {
            Refusal = new CommitOutcome { Errors = draft.Errors.ToArray() };
            return;
        }

        foreach (var (id, entry) in draft.Touched)
        {
            if (entry.Content is { } created)
            {
                string[] references = created.Kind is PolicyDocumentKind ? [.. created.References.Select(reference => reference.Target)] : [];
                var record = _content.Close(created.Kind, id, created.Properties, _state.Head.Version + 1, references);
                Entries[id] = new CatalogEntry(record, created.Kind, created.References, [.. created.Names.Select(name => name.Name)]);
            }
            else if (_state.Find(id) is not null)
            {
                Entries[id] = null;
            }
        }
    }
}
