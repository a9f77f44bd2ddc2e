using Gateway.Contracts.Publications;

namespace Gateway.Edge.Publications;

/// <summary>Where an edge keeps its own copy of the publication in force. Used by one caller at a time.</summary>
internal interface IPublicationBackup
{
    /// <summary>Writes a publication; the one before stays beside it.</summary>
    /// <param name="signed">Its signed manifest.</param>
    /// <param name="content">The same, decoded.</param>
    /// <param name="bodies">Its bodies that are not there yet, by name.</param>
    /// <exception cref="IOException">It could not be written; the one before stays.</exception>
    void Write(SignedManifest signed, PublicationContent content, IReadOnlyDictionary<string, byte[]> bodies);

    /// <summary>The chunks of a publication whose bodies are not there. Whether one is whole is seen when it is read.</summary>
    ChunkReference[] Lacking(PublicationContent content);
}
