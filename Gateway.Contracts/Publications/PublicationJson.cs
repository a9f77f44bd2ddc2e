using System.Text.Json.Serialization;

namespace Gateway.Contracts.Publications;

/// <summary>
/// The JSON of manifests and chunks. Equal values give equal bytes, in declaration order, because chunks are named by their
/// content. Null members are left out.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ServiceChunk))]
[JsonSerializable(typeof(ApiChunk))]
[JsonSerializable(typeof(SubscriptionsChunk))]
public sealed partial class PublicationJson : JsonSerializerContext;
