using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;

namespace Gateway.Contracts.Publications;

/// <summary>
/// Between the plain JSON of a chunk and its stored body: brotli (the packed form), then sealed under the publication key with the chunk's
/// name as associated data. The name is a hash of the plain content, so equal content has an equal name on every silo.
/// </summary>
public sealed class ChunkCodec
{
    /// <summary>Bytes of a chunk's plain content at most; a body that grows beyond it is refused while it is decompressed.</summary>
    public const int MaximumPlainLength = 64 * 1024 * 1024;

    private const int Quality = 4;
    private const int Window = 22;
    private const int FirstBuffer = 16 * 1024;

    private readonly PublicationKey _key;
    private readonly bool _isNamedByKey;

    /// <summary>Names chunks by a keyed hash, so that guesses of their content cannot be checked.</summary>
    public ChunkCodec(PublicationKey key)
        : this(key, isNamedByKey: true)
    {
    }

    private ChunkCodec(PublicationKey key, bool isNamedByKey) => (_key, _isNamedByKey) = (key, isNamedByKey);

    /// <summary>
    /// Names chunks by their SHA-256, which every site can check, and seals them under this site's key. Their content has to hold
    /// something that cannot be guessed.
    /// </summary>
    /// <param name="key">This site's.</param>
    public static ChunkCodec ForFederation(PublicationKey key) => new(key, isNamedByKey: false);

    /// <summary>The name of a content, base64url; cheap next to <see cref="Encode"/>.</summary>
    public string NameOf(ReadOnlySpan<byte> plain) => _isNamedByKey ? _key.NameOf(plain) : Base64Url.EncodeToString(SHA256.HashData(plain));

    /// <summary>The body to store for a packed content.</summary>
    /// <param name="name">The chunk's name.</param>
    /// <param name="packed">The compressed content.</param>
    public byte[] Seal(string name, ReadOnlySpan<byte> packed) => _key.Chunks.Seal(packed, Encoding.UTF8.GetBytes(name));

    /// <summary>The packed content of a stored body.</summary>
    public Result<byte[]> Unseal(string name, ReadOnlySpan<byte> body) => _key.Chunks.Open(body, Encoding.UTF8.GetBytes(name));

    /// <summary>The body to store for a content.</summary>
    /// <param name="name">What <see cref="NameOf"/> gave for it.</param>
    /// <param name="plain">The content.</param>
    public byte[] Encode(string name, ReadOnlySpan<byte> plain)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.Length));
        try
        {
            return BrotliEncoder.TryCompress(plain, buffer, out var written, Quality, Window)
                ? Seal(name, buffer.AsSpan(0, written))
                : throw new InvalidOperationException("Brotli wrote more than its own bound.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    /// <summary>The plain content of a body, when it is what the name stands for.</summary>
    public Result<byte[]> Decode(string name, ReadOnlySpan<byte> body)
    {
        var packed = Unseal(name, body);
        return packed.IsSuccess ? Unpack(name, packed.Value) : packed.Errors;
    }

    /// <summary>The plain content of a packed one, when it is what the name stands for.</summary>
    public Result<byte[]> Unpack(string name, ReadOnlySpan<byte> packed)
    {
        var plain = Decompress(packed);
        return plain is null
            ? Wrong($"chunk {name} is not well compressed, or has more than {MaximumPlainLength} bytes")
            : !string.Equals(NameOf(plain), name, StringComparison.Ordinal)
            ? Wrong($"chunk {name} has another content than its name says")
            : plain;
    }

    private static byte[]? Decompress(ReadOnlySpan<byte> packed)
    {
        using var decoder = new BrotliDecoder();
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        try
        {
            while (true)
            {
                var status = decoder.Decompress(packed, buffer.AsSpan(length), out var consumed, out var written);
                packed = packed[consumed..];
                length += written;
                switch (status)
                {
                    case OperationStatus.Done:
                        return packed.IsEmpty && length <= MaximumPlainLength ? buffer.AsSpan(0, length).ToArray() : null;
                    case OperationStatus.DestinationTooSmall when length < MaximumPlainLength:
                        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, MaximumPlainLength + 1));
                        buffer.AsSpan(0, length).CopyTo(larger);
                        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                        buffer = larger;
                        break;
                    default:
                        return null;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static GatewayError Wrong(string message) => new(ErrorKind.ValidationError, message);
}
