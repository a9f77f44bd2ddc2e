namespace Gateway.Policies.Caching;

/// <summary>Says that there are several responses under a key, and what of a request chooses among them.</summary>
public sealed class CachedVariants : CachedEntry
{
    private CachedVariants(ReadOnlyMemory<byte> bytes, EntryHead head, bool bySubscription, string[] headers)
        : base(bytes, head) => (BySubscription, Headers) = (bySubscription, headers);

    /// <summary>True: each subscription has its own.</summary>
    public bool BySubscription { get; }

    /// <summary>The request headers, in lower case and in order.</summary>
    public IReadOnlyList<string> Headers { get; }

    /// <summary>Makes one.</summary>
    internal static CachedVariants Make(string[] headers, bool bySubscription, EntryHead head)
    {
        using var bytes = new PooledBytes(256);
        WriteHead(bytes, Kind.Variants, head);
        bytes.Add((byte)(bySubscription ? 1 : 0));
        bytes.Add(headers);
        return new(bytes.Written.ToArray(), head, bySubscription, headers);
    }

    internal static CachedVariants? Read(ReadOnlyMemory<byte> bytes, EntryHead head, EntryReader reader) =>
        reader.TryByte(out var by) && reader.TryTexts(out var headers) && reader.Left == 0
            ? new(bytes, head, by != 0, headers.ToArray()!)
            : null;
}
