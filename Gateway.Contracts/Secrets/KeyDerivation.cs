using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Secrets;

/// <summary>HKDF-SHA-256 and the text form of keys. Wire: the purposes are part of what is stored.</summary>
internal static class KeyDerivation
{
    public const int KeyLength = 32;

    public static byte[] Derive(byte[] key, string purpose, int length = KeyLength) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, length, info: Encoding.UTF8.GetBytes("gateway/" + purpose));

    public static Result<byte[]> Decode(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd();
        if (trimmed.IsEmpty)
        {
            return Refused("The key is empty; it must be 32 bytes in base64.");
        }

        if (!Base64.IsValid(trimmed, out var length))
        {
            return Refused("The key is not valid base64; it must be 32 bytes in base64 (44 characters).");
        }

        var key = new byte[length];
        if (length != KeyLength || !Convert.TryFromBase64Chars(trimmed, key, out _))
        {
            return Refused($"The key has {length} bytes; it must have {KeyLength} bytes, in base64 (44 characters).");
        }

        return key;
    }

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, message);
}
