using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Secrets;

namespace Gateway.Contracts.Tests.Publications;

public sealed class ChunkCodecTests
{
    private readonly PublicationKey _key = SiteKey.Generate().Publication;

    public static TheoryData<int> Lengths => [0, 1, 16 * 1024, 16 * 1024 + 1, 3_000_000];

    [Theory, MemberData(nameof(Lengths))]
    public void Chunk_OfAnyLength_ComesBack(int length)
    {
        var codec = new ChunkCodec(_key);
        var plain = RandomNumberGenerator.GetBytes(length);
        var name = codec.NameOf(plain);

        var decoded = codec.Decode(name, codec.Encode(name, plain));

        Assert.True(decoded.IsSuccess);
        Assert.Equal(plain, decoded.Value);
    }

    [Fact]
    public void Name_OfEqualContent_IsEqualOnlyUnderTheSameKey()
    {
        var plain = "content"u8.ToArray();

        Assert.Equal(new ChunkCodec(_key).NameOf(plain), new ChunkCodec(_key).NameOf(plain));
        Assert.NotEqual(new ChunkCodec(_key).NameOf(plain), new ChunkCodec(SiteKey.Generate().Publication).NameOf(plain));
    }

    [Fact]
    public void Body_DoesNotShowItsContent()
    {
        var codec = new ChunkCodec(_key);
        var plain = Encoding.UTF8.GetBytes("canary-secret-canary-secret");
        var name = codec.NameOf(plain);

        Assert.Equal(-1, codec.Encode(name, plain).AsSpan().IndexOf("canary"u8));
    }

    [Fact]
    public void Body_WithAnyFlippedByte_IsRefused()
    {
        var codec = new ChunkCodec(_key);
        var plain = "some content"u8.ToArray();
        var name = codec.NameOf(plain);
        var body = codec.Encode(name, plain);

        for (var i = 0; i < body.Length; i++)
        {
            var changed = body.ToArray();
            changed[i] ^= 1;
            Assert.False(codec.Decode(name, changed).IsSuccess, $"byte {i}");
        }
    }

    [Fact]
    public void Body_UnderTheNameOfAnotherChunk_IsRefused()
    {
        var codec = new ChunkCodec(_key);
        byte[] one = [1], two = [2];

        Assert.False(codec.Decode(codec.NameOf(two), codec.Encode(codec.NameOf(one), one)).IsSuccess);
    }

    [Fact]
    public void Body_SealedForANameThatIsNotItsContents_IsRefused()
    {
        var codec = new ChunkCodec(_key);
        var name = codec.NameOf([1]);

        var decoded = codec.Decode(name, codec.Encode(name, [2]));

        Assert.Contains("another content", Assert.Single(decoded.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_ThatGrowsBeyondTheBound_IsRefused()
    {
        var codec = new ChunkCodec(_key);
        var plain = new byte[ChunkCodec.MaximumPlainLength + 1];
        var name = codec.NameOf(plain);
        var body = codec.Encode(name, plain);
        Assert.True(body.Length < 10_000, "a bomb is small");

        Assert.Contains("more than", Assert.Single(codec.Decode(name, body).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Body_WithBytesAfterItsEnd_IsRefused()
    {
        var codec = new ChunkCodec(_key);
        byte[] plain = [7, 7, 7];
        var name = codec.NameOf(plain);
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length) + 1];
        Assert.True(BrotliEncoder.TryCompress(plain, packed, out var written, 4, 22));
        var body = _key.Chunks.Seal(packed.AsSpan(0, written + 1), Encoding.UTF8.GetBytes(name));

        Assert.False(codec.Decode(name, body).IsSuccess);
    }
}
