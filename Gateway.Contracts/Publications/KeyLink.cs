namespace Gateway.Contracts.Publications;

/// <summary>How a key that signs manifests came after another: the one before signed it.</summary>
/// <param name="PreviousKey">The key before: SubjectPublicKeyInfo, DER.</param>
/// <param name="Signature">Its signature over the key that follows it; see <see cref="KeyChain"/>.</param>
[GenerateSerializer, Immutable, Alias("gw.KeyLink")]
public sealed record KeyLink(
    [property: Id(0)] byte[] PreviousKey,
    [property: Id(1)] byte[] Signature);
