using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Contracts.Counters;

/// <summary>
/// Names a counter: 128 bits of SHA-256 over its identity, so that nobody who chooses a key can hit the counter of another. The
/// identity is never policy text, position or publication: a changed limit goes on with the same count.
/// </summary>
[GenerateSerializer, Immutable, Alias("gw.CounterId")]
public readonly record struct CounterId([property: Id(0)] ulong High, [property: Id(1)] ulong Low)
{
    /// <summary>How many partitions a site has.</summary>
    public const int Partitions = 256;

    /// <summary>The partition that holds it, 0 to 255.</summary>
    public int Partition => (int)(Low % Partitions);

    /// <summary>The id of an identity.</summary>
    /// <param name="parts">E.g. gateway, kind, scope kind, scope ids, subscription id; each is counted with its length.</param>
    public static CounterId Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var text = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
            hash.AppendData(length);
            hash.AppendData(text);
        }

        var digest = hash.GetHashAndReset();
        return new(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest.AsSpan(8)));
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string? text, out CounterId id)
    {
        id = default;
        if (text?.Length != 32
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low))
        {
            return false;
        }

        id = new(high, low);
        return true;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
