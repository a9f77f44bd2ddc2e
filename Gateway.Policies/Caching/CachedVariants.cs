namespace Gateway.Policies.Caching;

/// <summary>Says that there are several responses under a key, and what of a request chooses among them.</summary>
public sealed class CachedVariants : CachedEntry
{
    private CachedVariants(ReadOnlyMemory<byte> bytes, DateTimeOffset stored, DateTimeOffset expires, bool bySubscription, string[] headers)
        : base(bytes, stored, expires) => (BySubscription, Headers) = (bySubscription, headers);

    /// <summary>True: each subscription has its own.</summary>
    public bool BySubscription { get; }

    /// <summary>The request headers, in lower case and in order.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>Makes one.</summary>
    internal static CachedVariants Make(string[] headers, bool bySubscription, DateTimeOffset stored, DateTimeOffset expires)
    {
        using var bytes = new PooledBytes(256);
        WriteHead(bytes, Kind.Variants, stored, expires);
        bytes.Add((byte)(bySubscription ? 1 : 0));
        bytes.Add(headers);
        return new(bytes.Written.ToArray(), stored, expires, bySubscription, headers);
    }

    internal static CachedVariants? Read(ReadOnlyMemory<byte> bytes, DateTimeOffset stored, DateTimeOffset expires, EntryReader reader) =>
        reader.TryByte(out var by) && reader.TryTexts(out var headers) && reader.Left == 0
            ? new(bytes, stored, expires, by != 0, headers.ToArray()!)
            : null;
}
