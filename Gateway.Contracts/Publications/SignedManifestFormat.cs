using System.Buffers.Binary;

namespace Gateway.Contracts.Publications;

/// <summary>
/// A signed manifest as one run of bytes, for the state store and for backups: payload, signature and key, and two parts more for each link
/// of the key's chain; each after its length (4 bytes, little endian).
/// </summary>
public static class SignedManifestFormat
{
    private const int Parts = 3;

    /// <summary>The bytes of a signed manifest.</summary>
    public static byte[] Write(SignedManifest signed)
    {
        byte[][] parts = [signed.Payload, signed.Signature, signed.PublicKey, .. signed.Chain.SelectMany(link => (byte[][])[link.PreviousKey, link.Signature])];
        var bytes = new byte[parts.Sum(part => sizeof(int) + part.Length)];
        var rest = bytes.AsSpan();
        foreach (var part in parts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, part.Length);
            part.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + part.Length)..];
        }

        return bytes;
    }

    /// <summary>The signed manifest in the bytes; null when they are not one.</summary>
    public static SignedManifest? Read(ReadOnlySpan<byte> bytes)
    {
        var parts = new List<byte[]>(Parts);
        while (!bytes.IsEmpty && parts.Count < Parts + (2 * KeyChain.MaximumLinks))
        {
            if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) is var length && (length < 0 || length > bytes.Length - sizeof(int)))
            {
                return null;
            }

            parts.Add(bytes.Slice(sizeof(int), length).ToArray());
            bytes = bytes[(sizeof(int) + length)..];
        }

        return bytes.IsEmpty && parts.Count >= Parts && (parts.Count - Parts) % 2 == 0
            ? new SignedManifest
            {
                Payload = parts[0], Signature = parts[1], PublicKey = parts[2], Chain = [.. parts.Skip(Parts).Chunk(2).Select(link => new KeyLink(link[0], link[1]))],
            }
            : null;
    }
}
