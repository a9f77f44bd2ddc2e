namespace Gateway.Policies.Caching;

/// <summary>
/// What a cache of responses holds under one key: a response, or what tells its variants apart. Its bytes are written to stores: kinds are added and never reused, and a
/// version reads no other version's.
/// </summary>
public abstract class CachedEntry
{
    private const byte Version = 3;

    private protected CachedEntry(ReadOnlyMemory<byte> bytes, EntryHead head) => (Bytes, Epoch, Stored, Fresh, Expires) = (bytes, head.Epoch, head.Stored, head.Fresh, head.Expires);

    /// <summary>The kinds of entries.</summary>
    private protected enum Kind : byte
    {
        Response = 1,
        Variants = 2,
    }

    /// <summary>The whole entry as stores keep it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The epoch in which its request began: a later purge ends it.</summary>
    public long Epoch { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Stored { get; }

    /// <summary>Until when it is new; later it is used only while another is made.</summary>
    public DateTimeOffset Fresh { get; }

    /// <summary>Until when it may be used.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Reads an entry; null when the bytes are none of this version.</summary>
    /// <param name="bytes">The bytes; the entry keeps them, and they are not changed any more.</param>
    public static CachedEntry? Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new EntryReader(bytes.Span);
        if (!reader.TryByte(out var version) || version != Version || !reader.TryByte(out var kind)
            || !reader.TryLong(out var epoch) || !reader.TryTime(out var stored) || !reader.TryTime(out var fresh) || !reader.TryTime(out var expires))
        {
            return null;
        }

        var head = new EntryHead(epoch, stored, fresh, expires);

        return (Kind)kind switch
        {
            Kind.Response => CachedResponse.Read(bytes, head, reader),
            Kind.Variants => CachedVariants.Read(bytes, head, reader),
            _ => null,
        };
    }

    private protected static void WriteHead(PooledBytes bytes, Kind kind, EntryHead head)
    {
        bytes.Add(Version);
        bytes.Add((byte)kind);
        bytes.Add(head.Epoch);
        bytes.Add(head.Stored.UtcTicks);
        bytes.Add(head.Fresh.UtcTicks);
        bytes.Add(head.Expires.UtcTicks);
    }
}
