using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

internal static class Manifests
{
    public static Manifest Of(string lineage, long number, params string[] predecessors) => new()
    {
        Lineage = lineage,
        Number = number,
        Predecessors = predecessors,
        Gateway = "managed",
        CatalogVersion = 7,
        CreatedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Chunks = [new ChunkReference(ChunkKind.Service, ChunkReference.ServiceId, new string('a', 43), 100)],
    };
}
