using System.IO.Compression;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Execution;

/// <summary>The content codings that policies and expressions read: gzip, br and deflate.</summary>
internal static class ContentCoding
{
    private const int ChunkSize = 16 * 1024;

    /// <summary>True for the value of <c>Content-Encoding</c> of a body that is as it is.</summary>
    public static bool IsPlain(string encoding) => encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>A reader of what is coded; null when the coding is not known.</summary>
    public static Stream? Reader(Stream source, string encoding) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(source, CompressionMode.Decompress),
        "br" => new BrotliStream(source, CompressionMode.Decompress),
        "deflate" => new ZLibStream(source, CompressionMode.Decompress),
        _ => null,
    };

    /// <summary>What a body says without its coding, on the budget of the expression that runs.</summary>
    /// <exception cref="InvalidOperationException">The coding is not known, or the body does not keep to it.</exception>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> bytes, string encoding)
    {
        if (IsPlain(encoding) || bytes.IsEmpty)
        {
            return bytes;
        }

        using var reader = Reader(BodyChanges.Open(bytes), encoding)
            ?? throw new InvalidOperationException("The body has a content encoding other than gzip, br and deflate; it can be read as byte[] only.");
        var plain = new MemoryStream();
        var chunk = new byte[ChunkSize];
        try
        {
            for (int count; (count = reader.Read(chunk)) > 0;)
            {
                // Twice, as the stream grows by doubling.
                Budget.Reserve(2L * count);
                plain.Write(chunk, 0, count);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException or InvalidOperationException)
        {
            throw new InvalidOperationException("The body does not keep to its content encoding.", e);
        }

        return plain.GetBuffer().AsMemory(0, (int)plain.Length);
    }
}
