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
    private readonly ECDsa[] _curves = [ECDsa.Create(ECCurve.NamedCurves.nistP256), ECDsa.Create(ECCurve.NamedCurves.nistP384), ECDsa.Create(ECCurve.NamedCurves.nistP521)];

    public string KeyId { get; init; } = "k1";

    public static byte[] Secret { get; } = [.. Enumerable.Range(0, 64).Select(i => (byte)i)];

    public static string SecretKey => Convert.ToBase64String(Secret);

    public string Modulus => Url(_rsa.ExportParameters(false).Modulus!);

    public string Exponent => Url(_rsa.ExportParameters(false).Exponent!);

    /// <summary>The public key as others publish it.</summary>
    public string PublicKey => _rsa.ExportSubjectPublicKeyInfoPem();

    public string KeySet => new JsonObject
    {
        ["keys"] = new JsonArray([new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = KeyId, ["n"] = Modulus, ["e"] = Exponent }, .. _curves.Select(CurveKey)]),
    }.ToJsonString();

    public static JsonObject Claims(DateTimeOffset now, int seconds = 600) => new()
    {
        ["iss"] = "https://issuer.example", ["aud"] = "api", ["sub"] = "me", ["scp"] = "read write", ["roles"] = new JsonArray("a", "b"), ["n"] = 5,
        ["exp"] = now.ToUnixTimeSeconds() + seconds,
    };

    public string Rs256(JsonObject claims, string? keyId = null) =>
        Sign("RS256", claims, keyId ?? KeyId, data => _rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>By RSA or a curve with its own hash, as <c>PS384</c> or <c>ES512</c>.</summary>
    public string By(string algorithm, JsonObject claims)
    {
        var hash = new HashAlgorithmName($"SHA{algorithm[2..]}");
        if (algorithm.StartsWith("ES", StringComparison.Ordinal))
        {
            var curve = _curves[(int.Parse(algorithm[2..]) / 128) - 2];
            return Sign(algorithm, claims, $"{KeyId}-{curve.KeySize}", data => curve.SignData(data, hash));
        }

        return Sign(algorithm, claims, KeyId, data => _rsa.SignData(data, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1));
    }

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

    private JsonObject CurveKey(ECDsa curve)
    {
        var point = curve.ExportParameters(false).Q;
        return new() { ["kty"] = "EC", ["use"] = "sig", ["kid"] = $"{KeyId}-{curve.KeySize}", ["crv"] = $"P-{curve.KeySize}", ["x"] = Url(point.X!), ["y"] = Url(point.Y!) };
    }

    private static string Url(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
