using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;

namespace Gateway.Edge.Publications;

/// <summary>
/// The decoded publication in force, and what was fetched for the next one. What both have in common is neither fetched nor
/// decrypted nor decoded again, and stays the same object; pages that did not change are not even looked into.
/// </summary>
/// <param name="codec">Opens bodies.</param>
/// <param name="expressionAbis">The expression ABIs that this edge runs, the best first.</param>
internal sealed class ChunkCache(ChunkCodec codec, IReadOnlyList<int> expressionAbis)
{
    private readonly Dictionary<(ChunkKind Kind, string Name), object> _fetched = [];

    // Many APIs have the same policies: of those that come together each text is held once.
    private readonly HashSet<string> _policies = new(StringComparer.Ordinal);

    /// <summary>The publication in force; null before the first.</summary>
    public PublicationContent? InForce { get; private set; }

    /// <summary>Null when the programs of a publication can be run here, else why not.</summary>
    public string? Objection(Manifest manifest) => manifest.ExpressionAbis.Count == 0 || AbiOf(manifest) is not null
        ? null
        : $"its expressions are compiled for ABI {string.Join(" and ", manifest.ExpressionAbis)}, this edge runs {string.Join(" and ", expressionAbis)}";

    /// <summary>What a manifest names that is not here: pages and the service-wide chunk.</summary>
    public ChunkReference[] MissingHeads(Manifest manifest) =>
        [.. NewHeads(manifest).Where(head => !_fetched.ContainsKey((head.Kind, head.Name)))];

    /// <summary>What the pages of a manifest, which are all here, name that is not here. What it does not need is let go of.</summary>
    public ChunkReference[] MissingParts(Manifest manifest)
    {
        var heads = NewHeads(manifest);
        ChunkReference[] needed = [.. NewPages(manifest, heads).SelectMany(page => InForcePage(page.Number).Lacking(page.Used))];
        var kept = heads.Concat(needed).Select(chunk => (chunk.Kind, chunk.Name)).ToHashSet();
        foreach (var overtaken in _fetched.Keys.Where(fetched => !kept.Contains(fetched)).ToArray())
        {
            _fetched.Remove(overtaken);
        }

        return [.. needed.Where(chunk => !_fetched.ContainsKey((chunk.Kind, chunk.Name)))];
    }

    /// <summary>Opens, checks and decodes bodies, and keeps them; null when all are fine, else what is wrong with the first that is not.</summary>
    public string? Add((ChunkReference Chunk, byte[] Body)[] arrived)
    {
        var opened = new (object? Decoded, string? Wrong)[arrived.Length];
        if (InForce is null)
        {
            // An edge that serves nothing yet has all its processors for this.
            Parallel.For(0, arrived.Length, Open);
        }
        else
        {
            for (var index = 0; index < arrived.Length; index++)
            {
                Open(index);
            }
        }

        for (var index = 0; index < arrived.Length; index++)
        {
            if (opened[index].Wrong is { } wrong)
            {
                return wrong;
            }

            var chunk = arrived[index].Chunk;
            _fetched[(chunk.Kind, chunk.Name)] = Shared(opened[index].Decoded!);
        }

        return null;

        void Open(int index) => opened[index] = this.Open(arrived[index].Chunk, arrived[index].Body);
    }

    /// <summary>The content of a manifest all of whose chunks are here.</summary>
    public Result<PublicationContent> Content(Manifest manifest)
    {
        var pages = new ContentPage[IndexPage.Count];
        Array.Fill(pages, ContentPage.Empty);
        foreach (var head in manifest.Chunks)
        {
            if (head.Kind == ChunkKind.Index)
            {
                var number = IndexPage.Number(head.Id)!.Value;
                pages[number] = InForcePage(number);
            }
        }

        foreach (var (number, name, used) in NewPages(manifest, NewHeads(manifest)))
        {
            pages[number] = Page(number, name, used);
            if (Objection(pages[number]) is { } objection)
            {
                return new GatewayError(ErrorKind.ValidationError, objection);
            }
        }

        var service = manifest.Chunks.First(head => head.Kind == ChunkKind.Service);
        return new PublicationContent
        {
            Manifest = manifest,
            Service = InForce?.Service.Name == service.Name
                ? InForce.Service
                : new DecodedChunk<ServiceChunk>(service.Id, service.Name, (ServiceChunk)_fetched[(ChunkKind.Service, service.Name)]),
            Pages = pages,
            ExpressionAbi = AbiOf(manifest),
        };
    }

    /// <summary>A publication came into force; what was fetched belongs to it or is let go of.</summary>
    public void Applied(PublicationContent content)
    {
        InForce = content;
        Forget();
    }

    /// <summary>Lets go of what was fetched for a publication that is not wanted.</summary>
    public void Forget()
    {
        _fetched.Clear();
        _policies.Clear();
    }

    private (object? Decoded, string? Wrong) Open(ChunkReference chunk, byte[] body)
    {
        if (body.Length != chunk.Length)
        {
            return (null, $"chunk {chunk.Kind} '{chunk.Id}' has {body.Length} bytes, {chunk.Length} were announced");
        }

        var plain = codec.Decode(chunk.Name, body);
        if (!plain.IsSuccess)
        {
            return (null, $"chunk {chunk.Kind} '{chunk.Id}': {plain.Errors[0].Message}");
        }

        try
        {
            var decoded = Decode(chunk.Kind, plain.Value);
            return (decoded, Objection(chunk, decoded));
        }
        catch (JsonException exception)
        {
            return (null, $"chunk {chunk.Kind} '{chunk.Id}' is not readable at {exception.Path}");
        }
    }

    private object Shared(object decoded)
    {
        if (decoded is not ApiChunk { Policy: { } policy } api || _policies.Add(policy))
        {
            return decoded;
        }

        _policies.TryGetValue(policy, out var same);
        return api with { Policy = same };
    }

    private int? AbiOf(Manifest manifest) => expressionAbis.Where(manifest.ExpressionAbis.Contains).Select(abi => (int?)abi).FirstOrDefault();

    // What of them is not in force; pages all are not when the programs are of another ABI.
    private List<ChunkReference> NewHeads(Manifest manifest)
    {
        var isSameAbi = InForce is { } running && running.ExpressionAbi == AbiOf(manifest);
        List<ChunkReference> found = [];
        foreach (var head in manifest.Chunks)
        {
            var held = head.Kind != ChunkKind.Index ? InForce?.Service.Name
                : isSameAbi && IndexPage.Number(head.Id) is { } number ? InForcePage(number).Name : null;
            if (held != head.Name)
            {
                found.Add(head);
            }
        }

        return found;
    }

    private ContentPage InForcePage(int number) => InForce?.Pages[number] ?? ContentPage.Empty;

    // What they name that is used: of programs only those of one ABI.
    private IEnumerable<(int Number, string Name, ChunkReference[] Used)> NewPages(Manifest manifest, List<ChunkReference> heads)
    {
        var abi = AbiOf(manifest);
        return heads.Where(head => head.Kind == ChunkKind.Index).Select(head => (
            IndexPage.Number(head.Id)!.Value, head.Name,
            ((IndexPage)_fetched[(ChunkKind.Index, head.Name)]).Chunks
                .Where(chunk => chunk.Kind is ChunkKind.Api or ChunkKind.Subscriptions || (chunk.Kind == ChunkKind.Program && ProgramChunk.AbiOf(chunk.Id) == abi)).ToArray()));
    }

    private ContentPage Page(int number, string name, ChunkReference[] used)
    {
        object[] values = [.. InForcePage(number).ValuesOf(used).Zip(used, (held, chunk) => held ?? _fetched[(chunk.Kind, chunk.Name)])];
        return new ContentPage
        {
            Name = name,
            Chunks = used,
            Values = values,
            Apis = Of<ApiChunk>(ChunkKind.Api, used, values),
            Subscriptions = Of<SubscriptionsChunk>(ChunkKind.Subscriptions, used, values),
            Programs = Of<ProgramChunk>(ChunkKind.Program, used, values),
        };
    }

    private static DecodedChunk<T>[] Of<T>(ChunkKind kind, ChunkReference[] chunks, object[] values) =>
        [.. chunks.Zip(values).Where(pair => pair.First.Kind == kind).Select(pair => new DecodedChunk<T>(pair.First.Id, pair.First.Name, (T)pair.Second))];

    private static string? Objection(ContentPage page) =>
        page.Apis.FirstOrDefault(api => api.Value.Id != api.Id) is { } api ? $"chunk Api '{api.Id}' holds the API '{api.Value.Id}'"
            : page.Programs.FirstOrDefault(program => ProgramChunk.Id(program.Value.Key, program.Value.Abi) != program.Id) is { } program
            ? $"chunk Program '{program.Id}' holds the program '{ProgramChunk.Id(program.Value.Key, program.Value.Abi)}'"
            : null;

    // A page under another number would hide or double what it names.
    private string? Objection(ChunkReference chunk, object decoded)
    {
        if (decoded is not IndexPage page)
        {
            return null;
        }

        var number = IndexPage.Number(chunk.Id)!.Value;
        return ManifestRules.Objection(number, page, InForcePage(number).Chunks);
    }

    private static object Decode(ChunkKind kind, byte[] plain) => kind switch
    {
        ChunkKind.Service => JsonSerializer.Deserialize(plain, PublicationJson.Default.ServiceChunk) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Index => JsonSerializer.Deserialize(plain, PublicationJson.Default.IndexPage) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Api => JsonSerializer.Deserialize(plain, PublicationJson.Default.ApiChunk) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Program => JsonSerializer.Deserialize(plain, PublicationJson.Default.ProgramChunk) ?? throw new JsonException("The chunk is null."),
        ChunkKind.Subscriptions => JsonSerializer.Deserialize(plain, PublicationJson.Default.SubscriptionsChunk) ?? throw new JsonException("The chunk is null."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "This version reads no such chunk."),
    };
}
