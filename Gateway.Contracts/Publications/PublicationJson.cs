using System.Text.Json.Serialization;

namespace Gateway.Contracts.Publications;

/// <summary>
/// The JSON of manifests and chunks. Equal values give equal bytes, in declaration order, because chunks are named by their
/// content. Null members are left out. Members with an initialiser have a setter, not <c>init</c>: the generated reader would
/// overwrite the initialiser of an <c>init</c> member that an older writer left out.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    MaxDepth = 16)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(IndexPage))]
[JsonSerializable(typeof(ServiceChunk))]
[JsonSerializable(typeof(ApiChunk))]
[JsonSerializable(typeof(SubscriptionsChunk))]
[JsonSerializable(typeof(ProgramChunk))]
public sealed partial class PublicationJson : JsonSerializerContext;
