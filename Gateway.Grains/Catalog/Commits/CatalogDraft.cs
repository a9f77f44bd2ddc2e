using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>The catalog as it would be after a change set: an overlay over the committed state. Applies changes one by one.</summary>
internal sealed class CatalogDraft(CatalogState state, RecordContent content, DateTimeOffset now)
{
    private readonly Dictionary<string, DraftEntry> _touched = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _present = new(StringComparer.Ordinal);

    /// <summary>The committed state below.</summary>
    public CatalogState State => state;

    /// <summary>What the change set touched.</summary>
    public IReadOnlyDictionary<string, DraftEntry> Touched => _touched;

    /// <summary>What is wrong so far.</summary>
    public CommitErrors Errors { get; } = new();

    /// <summary>True when the resource will exist.</summary>
    public bool Exists(string id) => _touched.TryGetValue(id, out var entry) ? entry.Content is not null : state.Find(id) is not null;

    /// <summary>All properties that the resource will have; null when it will not exist.</summary>
    public JsonObject? PropertiesOf(string id)
    {
        if (_touched.TryGetValue(id, out var entry))
        {
            return entry.Content?.Properties;
        }

        return CommittedPropertiesOf(id);
    }

    /// <summary>All properties that the resource has now; null when it does not exist.</summary>
    public JsonObject? CommittedPropertiesOf(string id) => state.Find(id) is { } committed ? content.Open(committed.Record) : null;

    /// <summary>Applies one change; what it is about to do is checked against other resources later.</summary>
    public ChangeOutcome Apply(Change change, int index)
    {
        var kind = ResourceKinds.Match(change.Id)!.Kind;
        var present = PropertiesOf(change.Id);
        if (present is null && change.Operation == ChangeOperation.Delete)
        {
            return ChangeOutcome.Absent;
        }

        if (present is null && change.Operation == ChangeOperation.Patch)
        {
            Errors.Add(index, ErrorKind.ResourceNotFound, $"'{change.Id}' does not exist.");
            return ChangeOutcome.Unchanged;
        }

        if (!IsMatch(change, present is not null))
        {
            Errors.Add(index, ErrorKind.PreconditionFailed, $"The ETag given is not the current one of '{change.Id}'.", "If-Match");
            return ChangeOutcome.Unchanged;
        }

        if (change.Operation == ChangeOperation.Delete)
        {
            Remove(change.Id, index, change.Cascade);
            return ChangeOutcome.Deleted;
        }

        var properties = change.Operation == ChangeOperation.Patch ? Merge(kind, change, present!, index) : Replace(kind, change, present);
        return properties is null ? ChangeOutcome.Unchanged : Put(kind, change.Id, properties, present, index);
    }

    /// <summary>Takes a resource away, with all below it; returns what went.</summary>
    public IReadOnlyList<DraftEntry> Remove(string id, int index, bool cascade)
    {
        var gone = ((string[])[id, .. state.Below(id), .. CatalogState.Below(_present, id)]).Where(Exists).Distinct()
            .Select(each => new DraftEntry { Id = each, Index = index, Cascade = cascade }).ToList();
        foreach (var entry in gone)
        {
            _touched[entry.Id] = entry;
            _present.Remove(entry.Id);
        }

        return gone;
    }

    private bool IsMatch(Change change, bool exists) => change.IfMatch switch
    {
        null => true,
        "*" => exists,
        var tag => !_touched.ContainsKey(change.Id) && state.Find(change.Id)?.Record.ETag == tag,
    };

    private static JsonObject Replace(ResourceKind kind, Change change, JsonObject? present)
    {
        var properties = JsonNode.Parse(change.Properties)!.AsObject();
        foreach (var (name, schema) in kind.Properties)
        {
            if ((schema.IsReadOnly || kind.IsSecret(name, properties)) && !properties.ContainsKey(name) && present?[name] is { } kept)
            {
                properties[name] = kept.DeepClone();
            }
        }

        return properties;
    }

    private JsonObject? Merge(ResourceKind kind, Change change, JsonObject present, int index)
    {
        var merged = present.DeepClone().AsObject();
        Merge(merged, JsonNode.Parse(change.Properties)!.AsObject());
        var reading = new SchemaReading();
        var properties = kind.Properties.Read(merged, "properties", reading)?.AsObject();
        foreach (var error in reading.Errors.ToArray(index))
        {
            Errors.Add(error);
        }

        foreach (var (name, schema) in kind.Properties)
        {
            if (schema.IsReadOnly && properties is not null && present[name] is { } kept)
            {
                properties[name] = kept.DeepClone();
            }
        }

        return reading.Errors.IsEmpty ? properties : null;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject nested)
            {
                if (target[name] is not JsonObject inner)
                {
                    target[name] = inner = [];
                }

                Merge(inner, nested);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    private ChangeOutcome Put(ResourceKind kind, string id, JsonObject properties, JsonObject? present, int index)
    {
        var draft = new ResourceDraft(id, properties, present is null, now);
        kind.Complete(draft);
        var errors = new ErrorList();
        kind.Check(draft, errors);
        foreach (var error in errors.ToArray(index))
        {
            Errors.Add(error);
        }

        if (!errors.IsEmpty || (present is not null && JsonNode.DeepEquals(present, properties)))
        {
            return ChangeOutcome.Unchanged;
        }

        _present.Add(id);
        _touched[id] = new DraftEntry
        {
            Id = id,
            Index = index,
            Content = new DraftContent
            {
                Kind = kind,
                Properties = properties,
                Names = [.. kind.UniqueNames(draft)],
                References = [.. kind.References(draft)],
            },
        };

        if (present is not null)
        {
            return ChangeOutcome.Updated;
        }

        foreach (var companion in kind.Companions(draft))
        {
            Put(ResourceKinds.Match(companion)!.Kind, companion, [], PropertiesOf(companion), index);
        }

        return ChangeOutcome.Created;
    }
}
