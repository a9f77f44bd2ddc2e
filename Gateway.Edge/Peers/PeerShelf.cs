using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Peers;

/// <summary>
/// The publication in force as it came, for peers: its signed manifest and its sealed bodies. These are read from the backup; without one they are kept in memory.
/// </summary>
internal sealed class PeerShelf(PublicationBackup? backup = null)
{
    private volatile Shelved? _shelved;

    /// <summary>The signed manifest; null before the first publication.</summary>
    public SignedManifest? Signed => _shelved?.Signed;

    /// <summary>A publication came into force.</summary>
    /// <param name="signed">Its signed manifest.</param>
    /// <param name="content">The same, decoded.</param>
    /// <param name="fetched">Its bodies that the one before did not have.</param>
    public void Put(SignedManifest signed, PublicationContent content, IReadOnlyDictionary<string, byte[]> fetched)
    {
        var before = _shelved;
        var bodies = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var chunk in content.ChunksNotIn(null))
        {
            bodies[chunk.Name] = backup is null ? fetched.GetValueOrDefault(chunk.Name) ?? before?.Bodies.GetValueOrDefault(chunk.Name) : null;
        }

        _shelved = new Shelved(signed, bodies);
    }

    /// <summary>The sealed body of a chunk of the publication in force; null for any other name, and while it is not on disk yet.</summary>
    public byte[]? Body(string name) => _shelved?.Bodies.TryGetValue(name, out var body) == true ? body ?? backup?.Body(name) : null;

    private sealed record Shelved(SignedManifest Signed, IReadOnlyDictionary<string, byte[]?> Bodies);
}
