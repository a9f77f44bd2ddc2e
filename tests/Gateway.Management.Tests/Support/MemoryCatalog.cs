using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Results;

namespace Gateway.Management.Tests.Support;

/// <summary>
/// The catalog's promises in memory, from the same kinds: shapes, parents, references, unique names, ETags, all or
/// nothing. It compiles no policies.
/// </summary>
public sealed class MemoryCatalog
{
    private readonly Lock _lock = new();
    private SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _version;

    /// <summary>Thrown by every call when set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Answered by every write when set.</summary>
    public GatewayError? Refusal { get; set; }

    public List<NodeStatus> Status { get; } = [];

    public MemoryQuotas Quotas { get; } = new();

    public MemoryCaches Caches { get; } = new();

    public MemoryPublications Publications { get; } = new();

    /// <summary>What answers for backups; has the methods of their grain.</summary>
    public object? Backup { get; set; }

    public LimitsReport? Limits { get; set; }

    public MemoryFederation Federation { get; } = new();

    public int Writes { get; private set; }

    public Task<Result<Resource>> Get(string id, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        lock (_lock)
        {
            return Task.FromResult<Result<Resource>>(_entries.TryGetValue(id, out var entry) ? entry.ToResource(id) : Missing(id));
        }
    }

    public Task<Result<ResourcePage>> List(ResourceQuery query, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        lock (_lock)
        {
            var parent = ResourcePath.Parent(query.Collection + "/x");
            if (parent is not null && !Exists(_entries, parent))
            {
                return Task.FromResult<Result<ResourcePage>>(Missing(parent));
            }

            var all = _entries.Where(pair => ResourcePath.Collection(pair.Key) == query.Collection).ToArray();
            var page = all.Skip(query.Skip).Take(query.Top).Select(pair => pair.Value.ToResource(pair.Key)).ToArray();
            return Task.FromResult<Result<ResourcePage>>(new ResourcePage(page, all.Length));
        }
    }

    public Task<Result<byte[]>> GetSecrets(string id, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        lock (_lock)
        {
            return Task.FromResult<Result<byte[]>>(_entries.TryGetValue(id, out var entry) ? JsonSerializer.SerializeToUtf8Bytes(entry.Secrets()) : Missing(id));
        }
    }

    public Task<NodeStatus[]> Nodes(string gateway, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        return Task.FromResult(Status.Where(status => status.Report.Gateway == gateway).ToArray());
    }

    public Task<LimitsReport> Top(int most, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        return Task.FromResult(Limits! with { Limits = [.. Limits!.Limits.Take(most)] });
    }

    public Task<Result<ChangeSetReceipt>> Submit(ChangeSet changes, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        lock (_lock)
        {
            if (Refusal is { } refusal)
            {
                return Task.FromResult<Result<ChangeSetReceipt>>(refusal);
            }

            Writes++;
            var next = new SortedDictionary<string, Entry>(_entries, StringComparer.Ordinal);
            var errors = new ErrorList();
            var receipts = changes.Changes.Select((change, index) => Apply(next, change, index, errors)).ToArray();
            CheckAll(next, changes, errors);
            if (!errors.IsEmpty)
            {
                return Task.FromResult<Result<ChangeSetReceipt>>(errors.ToArray());
            }

            if (receipts.Any(receipt => receipt!.Outcome is ChangeOutcome.Created or ChangeOutcome.Updated or ChangeOutcome.Deleted))
            {
                _version++;
                _entries = next;
            }

            return Task.FromResult<Result<ChangeSetReceipt>>(new ChangeSetReceipt(_version, receipts!));
        }
    }

    public Task<Result<ChangeSetReceipt>> Try(ChangeSet changes, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        Fail();
        return Task.FromResult(Refusal is { } refusal
            ? (Result<ChangeSetReceipt>)refusal
            : new ChangeSetReceipt(_version, [.. changes.Changes.Select(change => new ChangeReceipt(change.Id, ChangeOutcome.Created, null))]));
    }

    /// <summary>The tests in memory use documents without expressions, whose spellings are the same.</summary>
    public Task<string> Spell(string text, bool isRaw, bool asRaw)
    {
        Assert.DoesNotContain("@(", text, StringComparison.Ordinal);
        Assert.False(isRaw && asRaw);
        return Task.FromResult(text);
    }

    private ChangeReceipt? Apply(SortedDictionary<string, Entry> next, Change change, int index, ErrorList errors)
    {
        var kind = ResourceKinds.Match(change.Id)!.Kind;
        next.TryGetValue(change.Id, out var old);
        var isDelete = change.Operation == ChangeOperation.Delete;
        if (old is null && change.Operation == ChangeOperation.Patch)
        {
            Add(errors, index, null, $"The resource '{change.Id}' does not exist.", ErrorKind.ResourceNotFound);
            return null;
        }

        if (change.IfMatch is { } etag && !(old is null && isDelete) && (old is null || (etag != "*" && etag != old.ETag)))
        {
            Add(errors, index, "If-Match", $"The resource '{change.Id}' has another ETag.", ErrorKind.PreconditionFailed);
            return null;
        }

        if (isDelete)
        {
            foreach (var id in next.Keys.Where(id => id == change.Id || id.StartsWith(change.Id + "/", StringComparison.Ordinal)).ToArray())
            {
                next.Remove(id);
            }

            DeleteReferences(next, change);
            return new ChangeReceipt(change.Id, old is null ? ChangeOutcome.Absent : ChangeOutcome.Deleted, null);
        }

        var reading = new SchemaReading();
        var properties = JsonNode.Parse(change.Properties!)!.AsObject();
        if (change.Operation == ChangeOperation.Patch)
        {
            properties = Merged(old!.Properties, properties);
        }

        var read = kind.Properties.Read(properties, "properties", reading, false);
        foreach (var error in reading.Errors.ToArray())
        {
            Add(errors, index, error.Target, error.Message);
        }

        if (read is null || !reading.Errors.IsEmpty)
        {
            return null;
        }

        foreach (var (name, value) in old?.Secrets() ?? [])
        {
            read.TryAdd(name, value?.DeepClone());
        }

        var draft = new ResourceDraft(change.Id, read, old is null, DateTimeOffset.UnixEpoch);
        kind.Complete(draft);
        var own = new ErrorList();
        kind.Check(draft, own);
        errors.AddRange(own.ToArray(index));
        var isSame = old is not null && JsonNode.DeepEquals(old.Properties, read);
        var entry = isSame ? old! : new Entry(kind, read, _version + 1);
        next[change.Id] = entry;
        return new ChangeReceipt(change.Id, old is null ? ChangeOutcome.Created : isSame ? ChangeOutcome.Unchanged : ChangeOutcome.Updated, entry.ToResource(change.Id));
    }

    private static JsonObject Merged(JsonObject old, JsonObject patch)
    {
        var result = old.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            result.Remove(name);
            if (value is JsonObject inner && old[name] is JsonObject outer)
            {
                result[name] = Merged(outer, inner);
            }
            else if (value is not null)
            {
                result[name] = value.DeepClone();
            }
        }

        return result;
    }

    private static void DeleteReferences(SortedDictionary<string, Entry> next, Change change)
    {
        foreach (var (id, entry) in next.ToArray())
        {
            if (entry.Kind.References(entry.Draft(id)).Any(reference => reference.Target == change.Id && (reference.Goes || change.Cascade)))
            {
                next.Remove(id);
            }
        }
    }

    private static void CheckAll(SortedDictionary<string, Entry> next, ChangeSet changes, ErrorList errors)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, entry) in next)
        {
            foreach (var name in entry.Kind.UniqueNames(entry.Draft(id)))
            {
                if (!names.TryAdd(name.Name, id))
                {
                    var index = Math.Max(IndexOf(changes, id), IndexOf(changes, names[name.Name]));
                    Add(errors, index, name.Property, name.Message, ErrorKind.Conflict);
                }
            }
        }

        foreach (var (id, entry) in next)
        {
            if (ResourcePath.Parent(id) is { } parent && !Exists(next, parent))
            {
                Add(errors, IndexOf(changes, id), null, $"The parent '{parent}' does not exist.", ErrorKind.ResourceNotFound);
            }

            foreach (var reference in entry.Kind.References(entry.Draft(id)).Where(reference => !Exists(next, reference.Target) && !names.ContainsKey(reference.Target)))
            {
                var index = IndexOf(changes, id);
                if (index < 0)
                {
                    Add(errors, 0, null, $"'{reference.Target}' is still referred to by '{id}'.", ErrorKind.Conflict);
                }
                else
                {
                    Add(errors, index, reference.Property, reference.Message, reference.Property == "id" ? ErrorKind.ResourceNotFound : ErrorKind.ValidationError);
                }
            }
        }
    }

    private static bool Exists(SortedDictionary<string, Entry> entries, string id) => entries.ContainsKey(id) || ResourceKinds.IsBuiltIn(id);

    private static int IndexOf(ChangeSet changes, string id) => Array.FindIndex(changes.Changes, change => change.Id == id);

    private static void Add(ErrorList errors, int index, string? target, string message, ErrorKind code = ErrorKind.ValidationError) =>
        errors.AddRange([new GatewayError(code, message) { Index = index, Target = target }]);

    private static GatewayError Missing(string id) => new(ErrorKind.ResourceNotFound, $"The resource '{id}' does not exist.");

    private void Fail()
    {
        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private sealed record Entry(ResourceKind Kind, JsonObject Properties, long Version)
    {
        public string ETag => Version.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

        public ResourceDraft Draft(string id) => new(id, Properties, false, DateTimeOffset.UnixEpoch);

        public JsonObject Secrets() => Part(isSecret: true);

        public Resource ToResource(string id) => new() { Id = id, ETag = ETag, Version = Version, Properties = JsonSerializer.SerializeToUtf8Bytes(Part(isSecret: false)) };

        private JsonObject Part(bool isSecret) => new(Properties
            .Where(property => Kind.IsSecret(property.Key, Properties) == isSecret)
            .Select(property => new KeyValuePair<string, JsonNode?>(property.Key, property.Value?.DeepClone())));
    }
}
