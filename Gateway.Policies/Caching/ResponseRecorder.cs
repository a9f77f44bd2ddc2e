namespace Gateway.Policies.Caching;

/// <summary>
/// Takes down a response while it is sent. Its memory is borrowed from the cache bit by bit as the body comes, within the cache's bounds; a body that is too long, or that
/// comes while too many do, is let go.
/// </summary>
internal sealed class ResponseRecorder(IResponseCache cache, PooledBytes head) : IDisposable
{
    private readonly int _headLength = head.Length;
    private PooledBytes? _bytes = head;
    private long _reserved;

    /// <summary>The bytes of the body so far.</summary>
    public int BodyLength => _bytes is null ? 0 : _bytes.Length - _headLength;

    /// <summary>Takes a part of the body.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        if (_bytes is null)
        {
            return;
        }

        if (part.Length > cache.MaximumEntryBytes - _bytes.Length || !cache.TryReserve(part.Length))
        {
            Dispose();
            return;
        }

        _reserved += part.Length;
        _bytes.Add(part);
    }

    /// <summary>The response, whole; null when it was let go.</summary>
    public CachedResponse? End() => _bytes is null ? null : CachedEntry.Read(_bytes.Written.ToArray()) as CachedResponse;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_bytes is null)
        {
            return;
        }

        _bytes.Dispose();
        _bytes = null;
        cache.Release(_reserved);
    }
}
