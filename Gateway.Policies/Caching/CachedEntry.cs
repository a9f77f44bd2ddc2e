namespace Gateway.Policies.Caching;

/// <summary>
/// What a cache of responses holds under one key: a response, or what tells its variants apart. Its bytes are written to stores: kinds are added and never reused, and a
/// version reads no other version's.
/// </summary>
public abstract class CachedEntry
{
    private const byte Version = 1;

    private protected CachedEntry(ReadOnlyMemory<byte> bytes, DateTimeOffset stored, DateTimeOffset expires) => (Bytes, Stored, Expires) = (bytes, stored, expires);

    /// <summary>The kinds of entries.</summary>
    private protected enum Kind : byte
    {
        Response = 1,
        Variants = 2,
    }

    /// <summary>The whole entry as stores keep it.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Stored { get; }

    /// <summary>Until when it may be used.</summary>
    public DateTimeOffset Expires { get; }

    /// <summary>Reads an entry; null when the bytes are none of this version.</summary>
    /// <param name="bytes">The bytes; the entry keeps them, and they are not changed any more.</param>
    public static CachedEntry? Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new EntryReader(bytes.Span);
        if (!reader.TryByte(out var version) || version != Version || !reader.TryByte(out var kind)
            || !reader.TryTime(out var stored) || !reader.TryTime(out var expires))
        {
            return null;
        }

        return (Kind)kind switch
        {
            Kind.Response => CachedResponse.Read(bytes, stored, expires, reader),
            Kind.Variants => CachedVariants.Read(bytes, stored, expires, reader),
            _ => null,
        };
    }

    private protected static void WriteHead(PooledBytes bytes, Kind kind, DateTimeOffset stored, DateTimeOffset expires)
    {
        bytes.Add(Version);
        bytes.Add((byte)kind);
        bytes.Add(stored.UtcTicks);
        bytes.Add(expires.UtcTicks);
    }
}
