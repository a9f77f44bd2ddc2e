using System.Buffers.Binary;

namespace Gateway.Contracts.Publications;

/// <summary>A signed manifest as one run of bytes, for the state store and for backups: three parts, each after its length (4 bytes, little endian).</summary>
public static class SignedManifestFormat
{
    /// <summary>The bytes of a signed manifest.</summary>
    public static byte[] Write(SignedManifest signed)
    {
        var bytes = new byte[(3 * sizeof(int)) + signed.Payload.Length + signed.Signature.Length + signed.PublicKey.Length];
        var rest = bytes.AsSpan();
        foreach (var part in (byte[][])[signed.Payload, signed.Signature, signed.PublicKey])
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
        var parts = new byte[3][];
        for (var i = 0; i < parts.Length; i++)
        {
            if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(bytes) is var length && (length < 0 || length > bytes.Length - sizeof(int)))
            {
                return null;
            }

            parts[i] = bytes.Slice(sizeof(int), length).ToArray();
            bytes = bytes[(sizeof(int) + length)..];
        }

        return bytes.IsEmpty ? new SignedManifest { Payload = parts[0], Signature = parts[1], PublicKey = parts[2] } : null;
    }
}
