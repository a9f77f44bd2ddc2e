namespace Gateway.Policies.Execution;

/// <summary>
/// A backend's answer whose status and headers are known and whose body has not been copied yet. Every exchange ends by
/// exactly one of commit, discard or dispose (which discards). A dispose after another end does nothing. A commit that threw before
/// the response started is no end, nor is the dropping of the body: a discard still puts the response back.
/// </summary>
public interface IBackendExchange : IAsyncDisposable
{
    /// <summary>True for a switched protocol (web socket): body policies do not apply.</summary>
    bool IsUpgrade { get; }

    /// <summary>Streams the body to the client and returns when it is through.</summary>
    /// <exception cref="BackendFailedException">The backend or the client broke off.</exception>
    ValueTask CommitAsync();

    /// <summary>Drops the answer, and puts the response back to what inbound steps had made of it; for another try.</summary>
    ValueTask DiscardAsync();

    /// <summary>
    /// Reads the whole body into memory while the answer waits to be committed; a later commit sends it from there.
    /// </summary>
    /// <param name="limit">The longest body in bytes.</param>
    /// <returns>The body; null when it is longer: then only discarding is left.</returns>
    /// <exception cref="BackendFailedException">The backend or the client broke off.</exception>
    ValueTask<ReadOnlyMemory<byte>?> LoadBodyAsync(int limit);

    /// <summary>
    /// Drops the body only; status and headers stay, without those that described the body (length, encoding, range, checksum; its type stays).
    /// A second time it does nothing.
    /// </summary>
    ValueTask DiscardBodyAsync();
}
