using Gateway.Policies.Execution;

namespace Gateway.Policies.Caching;

/// <summary>Lets one request make what many miss, or what is old, so that one request to the backend serves them all.</summary>
public interface IRefills
{
    /// <summary>For so long at most a request waits for another that makes what it misses.</summary>
    TimeSpan Wait { get; }

    /// <summary>Asks who makes an entry.</summary>
    /// <param name="type">Which cache.</param>
    /// <param name="key">The entry.</param>
    /// <param name="isMine">True when it is this request's turn on this node: then it asks the others by <see cref="IRefill.ElectAsync"/>, and ends the turn.</param>
    /// <returns>Null when each request makes its own: entries of this key were not kept lately.</returns>
    IRefill? Begin(CachingType type, ResponseKey key, out bool isMine);

    /// <summary>Told of each request that waits.</summary>
    void NoteWait();
}
