using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Grains.Catalog.Records;

/// <summary>One life of a catalog. Stored once, by the first silo; a restore replaces it by one that names all its predecessors.</summary>
internal sealed record LineageRecord
{
    /// <summary>The lineage's name: 32 random hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Every lineage that this one continues.</summary>
    public IReadOnlyList<string> Predecessors { get; init; } = [];

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>True while a restore writes the catalog: what is stored is neither the old one nor the new one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnfinished { get; init; }

    /// <summary>A lineage that continues none.</summary>
    public static LineageRecord Begin(DateTimeOffset now) => new() { Id = RandomNumberGenerator.GetHexString(32, lowercase: true), CreatedAt = now };

    /// <summary>The stored form.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, LineageJson.Default.LineageRecord);

    /// <summary>From the stored form.</summary>
    public static LineageRecord FromBytes(byte[] bytes) => JsonSerializer.Deserialize(bytes, LineageJson.Default.LineageRecord)!;
}

/// <summary>The JSON of <see cref="LineageRecord"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LineageRecord))]
internal sealed partial class LineageJson : JsonSerializerContext;
