using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Rollouts;

namespace Gateway.Grains.Rollouts;

/// <summary>What is kept of a gateway's rollout in the state store. Wire.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Promoted">The publication that all edges may run; null before the first.</param>
/// <param name="TakenBack">Which was taken back last and why.</param>
internal sealed record RolloutRecord(RolloutRule Rule, PublicationId? Promoted, string? TakenBack)
{
    /// <summary>The bytes to keep.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RolloutJson.Default.RolloutRecord);

    /// <summary>Reads them.</summary>
    public static RolloutRecord FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, RolloutJson.Default.RolloutRecord) ?? throw new InvalidDataException("The kept rollout is empty.");
}

/// <summary>The JSON of a kept rollout.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RolloutRecord))]
internal sealed partial class RolloutJson : JsonSerializerContext;
