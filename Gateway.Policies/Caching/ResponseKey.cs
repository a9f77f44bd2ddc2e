using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Gateway.Policies.Caching;

/// <summary>
/// Tells a response in caches from others: by all that does. Where keys are shorter, in stores and among edges, it goes by the SHA-256 of that, so nobody can make two requests share one by what
/// they send; who finds a response in memory need not compute it.
/// </summary>
public sealed class ResponseKey : IEquatable<ResponseKey>, ISpanFormattable
{
    // A longer one is held as its hash: who sends long requests takes no more memory.
    private const int LongestHeld = 512;

    private readonly byte[] _description;
    private readonly int _code;
    private UInt128 _high;
    private UInt128 _low;
    private volatile bool _isHashed;

    /// <summary>The key of what these bytes describe.</summary>
    public ResponseKey(ReadOnlySpan<byte> description)
    {
        _description = description.Length <= LongestHeld ? description.ToArray() : SHA256.HashData(description);
        var code = default(HashCode);
        code.AddBytes(_description);
        _code = code.ToHashCode();
    }

    /// <summary>The bytes that it takes.</summary>
    public int Length => _description.Length;

    /// <summary>128 bits of its hash, for what need not tell entries apart for sure.</summary>
    public UInt128 Short => Hash().Low;

    /// <inheritdoc/>
    public bool Equals(ResponseKey? other) => other is not null && _code == other._code && _description.AsSpan().SequenceEqual(other._description);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ResponseKey);

    /// <inheritdoc/>
    public override int GetHashCode() => _code;

    /// <summary>Its SHA-256, 64 hex digits.</summary>
    public override string ToString() => $"{this}";

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var (high, low) = Hash();
        Span<UInt128> hash = [high, low];
        return Convert.TryToHexStringLower(MemoryMarshal.AsBytes(hash), destination, out charsWritten);
    }

    /// <summary>The 32 bytes of its hash.</summary>
    internal void AddTo(PooledBytes bytes)
    {
        var (high, low) = Hash();
        Span<UInt128> hash = [high, low];
        bytes.Add(MemoryMarshal.AsBytes(hash));
    }

    // Two that compute it at once write the same.
    private (UInt128 High, UInt128 Low) Hash()
    {
        if (!_isHashed)
        {
            Span<UInt128> hash = stackalloc UInt128[2];
            SHA256.HashData(_description, MemoryMarshal.AsBytes(hash));
            (_high, _low) = (hash[0], hash[1]);
            _isHashed = true;
        }

        return (_high, _low);
    }
}
