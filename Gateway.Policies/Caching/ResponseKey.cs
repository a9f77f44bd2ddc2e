using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Policies.Caching;

/// <summary>Names a response in caches: the SHA-256 of all that tells it from others, so nobody can make two requests share one by what they send.</summary>
public sealed class ResponseKey : IEquatable<ResponseKey>, ISpanFormattable
{
    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>The name of what these bytes describe.</summary>
    public ResponseKey(ReadOnlySpan<byte> description)
    {
        Span<UInt128> hash = stackalloc UInt128[2];
        SHA256.HashData(description, MemoryMarshal.AsBytes(hash));
        (_high, _low) = (hash[0], hash[1]);
    }

    /// <summary>128 bits of it, for what need not tell entries apart for sure.</summary>
    public UInt128 Short => _low;

    /// <inheritdoc/>
    public bool Equals(ResponseKey? other) => other is not null && _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResponseKey);

    /// <inheritdoc/>
    public override int GetHashCode() => (int)(uint)_low;

    /// <summary>64 hex digits.</summary>
    public override string ToString()
    {
        Span<UInt128> hash = [_high, _low];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(hash));
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        Span<UInt128> hash = [_high, _low];
        return Convert.TryToHexStringLower(MemoryMarshal.AsBytes(hash), destination, out charsWritten);
    }

    /// <summary>The 32 bytes.</summary>
    internal void AddTo(PooledBytes bytes)
    {
        Span<UInt128> hash = [_high, _low];
        bytes.Add(MemoryMarshal.AsBytes(hash));
    }
}
