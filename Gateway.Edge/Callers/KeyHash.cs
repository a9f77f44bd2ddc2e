using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Edge.Callers;

/// <summary>The SHA-256 of a subscription key.</summary>
internal readonly record struct KeyHash(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>The longest key that is looked at, in characters; a longer one is invalid.</summary>
    public const int LongestKey = 256;

    /// <summary>Its first bits; all are equally good.</summary>
    public int Short => (int)A;

    /// <summary>Hashes a key. Allocates nothing.</summary>
    /// <param name="key">At most <see cref="LongestKey"/> characters.</param>
    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> text = stackalloc byte[LongestKey * 3];
        Span<ulong> hash = stackalloc ulong[4];
        var length = Encoding.UTF8.GetBytes(key, text);
        SHA256.HashData(text[..length], MemoryMarshal.AsBytes(hash));
        return new KeyHash(hash[0], hash[1], hash[2], hash[3]);
    }

    /// <summary>Reads a hash as publications hold it.</summary>
    /// <param name="base64">32 bytes in base64.</param>
    /// <param name="hash">The hash, or default.</param>
    public static bool TryParse(string base64, out KeyHash hash)
    {
        Span<ulong> words = stackalloc ulong[4];
        var parsed = Convert.TryFromBase64String(base64, MemoryMarshal.AsBytes(words), out var length) && length == 32;
        hash = parsed ? new KeyHash(words[0], words[1], words[2], words[3]) : default;
        return parsed;
    }
}
