namespace Gateway.Grains.Catalog;

/// <summary>Remembers, beside the state store, which catalog a silo works on, so that a start on a flushed store is not taken for a first one.</summary>
public interface ILineageMemory
{
    /// <summary>The lineage's name; null when nothing is remembered.</summary>
    string? Read();

    /// <summary>Remembers it.</summary>
    void Write(string lineage);
}
