using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Grains.Publications.Projection;

namespace Gateway.Grains.Publications;

/// <summary>What of a publication differs from the one before.</summary>
/// <param name="Index">All of its chunks; null when none changed.</param>
/// <param name="Bodies">The bodies that are not stored yet, by name.</param>
internal sealed record MergedParts(PartIndex? Index, IReadOnlyDictionary<string, byte[]> Bodies);

/// <summary>
/// The parts that were projected but not published yet. Each is named and encoded once, also when storing it fails for a while.
/// Used by one caller at a time.
/// </summary>
internal sealed class PendingParts(ChunkCodec codec)
{
    private readonly Dictionary<PartKey, Part?> _parts = [];
    private bool _isAll;

    /// <summary>True when something waits to be published.</summary>
    public bool IsOwed => _parts.Count > 0;

    /// <summary>How many bodies were encoded.</summary>
    public long Encoded { get; private set; }

    /// <summary>Drops everything; what comes next is all there is.</summary>
    public void StartAnew()
    {
        _parts.Clear();
        _isAll = true;
    }

    /// <summary>All that waited is published, or was equal to what is.</summary>
    public void Published() => _parts.Clear();

    /// <summary>Takes in what was projected, and says what a publication has to change because of all that waits.</summary>
    /// <param name="projected">The parts built in this step.</param>
    /// <param name="before">The chunks of the publication in force.</param>
    public MergedParts Merge(IEnumerable<ProjectedPart> projected, PartIndex before)
    {
        foreach (var (part, plain) in projected)
        {
            _parts[part] = plain is null ? null : new Part(codec.NameOf(plain), plain);
        }

        if (_isAll)
        {
            foreach (var gone in before.Parts.Select(chunk => new PartKey(chunk.Kind, chunk.Id)).Where(part => !_parts.ContainsKey(part)))
            {
                _parts[gone] = null;
            }

            _isAll = false;
        }

        var changes = new Dictionary<PartKey, ChunkReference?>();
        var bodies = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (key, part) in _parts)
        {
            if (before.Find(key)?.Name != part?.Name)
            {
                changes[key] = part is null ? null : Encode(key, part, bodies);
            }
        }

        return new MergedParts(changes.Count == 0 ? null : before.With(changes, (number, page) => Pack(number, page, bodies)), bodies);
    }

    private ChunkReference Encode(PartKey key, Part part, Dictionary<string, byte[]> bodies)
    {
        part.Body ??= Encode(part.Name, part.Plain);
        bodies[part.Name] = part.Body;
        return new ChunkReference(key.Kind, key.Id, part.Name, part.Body.Length);
    }

    private ChunkReference Pack(int number, IndexPage page, Dictionary<string, byte[]> bodies)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(page, PublicationJson.Default.IndexPage);
        var name = codec.NameOf(plain);
        var body = bodies[name] = Encode(name, plain);
        return new ChunkReference(ChunkKind.Index, IndexPage.Id(number), name, body.Length);
    }

    private byte[] Encode(string name, byte[] plain)
    {
        Encoded++;
        return codec.Encode(name, plain);
    }

    private sealed class Part(string name, byte[] plain)
    {
        public string Name { get; } = name;

        public byte[] Plain { get; } = plain;

        public byte[]? Body { get; set; }
    }
}
