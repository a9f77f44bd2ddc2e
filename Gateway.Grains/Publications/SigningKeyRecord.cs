using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications;

/// <summary>The key that signs a site's manifests, as it is kept under the site key.</summary>
/// <param name="Generation">1 for the first, one more with each that followed.</param>
/// <param name="PrivateKey">PKCS#8.</param>
/// <param name="Chain">How it came after the others, newest first.</param>
internal sealed record SigningKeyRecord(int Generation, byte[] PrivateKey, KeyLink[] Chain)
{
    /// <summary>The bytes to seal.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, SigningKeyJson.Default.SigningKeyRecord);

    /// <summary>Reads them; the first version kept the bare key.</summary>
    public static SigningKeyRecord FromBytes(byte[] bytes) => bytes is [(byte)'{', ..]
        ? JsonSerializer.Deserialize(bytes, SigningKeyJson.Default.SigningKeyRecord) ?? throw new InvalidDataException("The kept signing key is empty.")
        : new SigningKeyRecord(1, bytes, []);
}

/// <summary>The JSON of the kept signing key.</summary>
[JsonSerializable(typeof(SigningKeyRecord))]
internal sealed partial class SigningKeyJson : JsonSerializerContext;
