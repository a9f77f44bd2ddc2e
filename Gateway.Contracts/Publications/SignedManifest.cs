namespace Gateway.Contracts.Publications;

/// <summary>A manifest's bytes with the site's signature over them (ECDSA P-256, SHA-256, IEEE P1363 form).</summary>
[GenerateSerializer, Immutable, Alias("gw.SignedManifest")]
public sealed record SignedManifest
{
    /// <summary>The UTF-8 JSON of a <see cref="Manifest"/>.</summary>
    [Id(0)] public required byte[] Payload { get; init; }

    /// <summary>The signature over <see cref="Payload"/>.</summary>
    [Id(1)] public required byte[] Signature { get; init; }

    /// <summary>The signer's public key (SubjectPublicKeyInfo, DER). Trusted only when pinned or configured.</summary>
    [Id(2)] public required byte[] PublicKey { get; init; }

    /// <summary>How the signer's key came after others, newest first; empty while the site has its first key. At most <see cref="KeyChain.MaximumLinks"/>.</summary>
    [Id(3)] public KeyLink[] Chain { get; init; } = [];
}
