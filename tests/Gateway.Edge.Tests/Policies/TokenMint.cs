using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Edge.Tests.Policies;

/// <summary>Makes tokens by hand, also those that no library makes.</summary>
internal sealed class TokenMint
{
    private readonly RSA _rsa = RSA.Create(2048);

    public string KeyId { get; init; } = "k1";

    public static byte[] Secret { get; } = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    public static string SecretKey => Convert.ToBase64String(Secret);

    public string Modulus => Url(_rsa.ExportParameters(false).Modulus!);

    public string Exponent => Url(_rsa.ExportParameters(false).Exponent!);

    /// <summary>The public key as others publish it.</summary>
    public string PublicKey => _rsa.ExportSubjectPublicKeyInfoPem();

    public string KeySet => new JsonObject
    {
        ["keys"] = new JsonArray(new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = KeyId, ["n"] = Modulus, ["e"] = Exponent }),
    }.ToJsonString();

    public static JsonObject Claims(DateTimeOffset now, int seconds = 600) => new()
    {
        ["iss"] = "https://issuer.example", ["aud"] = "api", ["sub"] = "me", ["scp"] = "read write", ["roles"] = new JsonArray("a", "b"), ["n"] = 5,
        ["exp"] = now.ToUnixTimeSeconds() + seconds,
    };

    public string Rs256(JsonObject claims, string? keyId = null) =>
        Sign("RS256", claims, keyId ?? KeyId, data => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Hs256(JsonObject claims, byte[]? key = null, string? keyId = null) =>
        Sign("HS256", claims, keyId, data => HMACSHA256.HashData(key ?? Secret, data));

    public static string Sign(string algorithm, JsonObject claims, string? keyId, Func<byte[], byte[]> sign)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        var data = $"{Url(JsonSerializer.SerializeToUtf8Bytes(header))}.{Url(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{data}.{Url(sign(Encoding.ASCII.GetBytes(data)))}";
    }

    private static string Url(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
