using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CsCheck;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Grains.Federation;

namespace Gateway.Grains.Tests.Federation;

/// <summary>What comes from a hub is read as a value or refused with a sentence, whatever its bytes.</summary>
public sealed class HubReaderFuzzTests
{
    private const int Iterations = 3000;

    private static readonly ChunkCodec _codec = ChunkCodec.ForFederation(SiteKey.Generate().Publication);
    private static readonly ChunkReference _api = new(ChunkKind.Api, "orders", new string('a', 43), 100);

    private static readonly byte[] _part = new FederatedPart("salt", "0123456789abcdef0123456789abcdef", ["@(a)", "@(b)"], Encoding.UTF8.GetBytes("""
        {"id":"orders","displayName":"Orders","path":"orders","protocols":["https"],"operations":[{"id":"get","displayName":"Get","method":"GET","urlTemplate":"/"}]}
        """)).ToBytes();

    // A good text with some of its bytes changed, cut off or doubled.
    private static Gen<byte[]> Damaged(byte[] good) =>
        Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 6], Gen.Int[0, good.Length], Gen.Bool, (edits, length, isDoubled) =>
        {
            var bytes = (byte[])good.Clone();
            foreach (var (at, value) in edits)
            {
                bytes[at] = value;
            }

            var head = bytes[..length];
            return isDoubled ? bytes.Concat(head).ToArray() : head;
        });

    [Fact]
    public void Part_OfAnyBytes_IsReadOrRefused() => Gen.OneOf(Damaged(_part), Gen.Byte.Array[0, 300]).Sample(bytes =>
    {
        var read = HubPart.Read(_api, bytes);

        Assert.True(read.IsSuccess || read.Errors is [{ Message.Length: > 0 }]);
    }, iter: Iterations);

    [Fact]
    public void Chunk_OfAnyBytes_IsRefused()
    {
        var name = _codec.NameOf(_part);
        var packed = _codec.Unseal(name, _codec.Encode(name, _part)).Value!;

        Gen.OneOf(Damaged(packed), Gen.Byte.Array[0, 300]).Sample(bytes =>
        {
            var read = _codec.Unpack(name, bytes);

            Assert.Equal(bytes.AsSpan().SequenceEqual(packed), read.IsSuccess);
        }, iter: Iterations);
    }

    [Fact]
    public void Manifest_OfAnyBytes_IsRefused()
    {
        using var signer = ManifestSigner.Create();
        var signed = signer.Sign(new Manifest
        {
            Lineage = "l", Number = 1, Gateway = "g", CatalogVersion = 1, CreatedAt = DateTimeOffset.UnixEpoch,
            Chunks = [new(ChunkKind.Service, ChunkReference.ServiceId, new string('a', 43), 100)],
        });
        var good = SignedManifestFormat.Write(signed);

        Gen.OneOf(Damaged(good), Gen.Byte.Array[0, 300]).Sample(bytes =>
        {
            var read = SignedManifestFormat.Read(bytes);
            var isGood = read is not null && ManifestVerifier.Verify(read, signer.PublicKey).IsSuccess;

            Assert.True(!isGood || read!.Payload.AsSpan().SequenceEqual(signed.Payload));
        }, iter: Iterations);
    }

    [Fact]
    public void Manifest_SignedWhateverItSays_IsReadOrRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = key.ExportSubjectPublicKeyInfo();
        var good = JsonSerializer.SerializeToUtf8Bytes(
            new Manifest
            {
                Lineage = "l", Predecessors = ["k"], Number = 1, Gateway = "g", CatalogVersion = 1, CreatedAt = DateTimeOffset.UnixEpoch, ExpressionAbis = [1],
                Chunks = [new(ChunkKind.Service, ChunkReference.ServiceId, new string('a', 43), 100), new(ChunkKind.Index, "07", new string('b', 43), 100)],
            },
            PublicationJson.Default.Manifest);
        Assert.True(Verify(good).IsSuccess);

        Gen.OneOf(Damaged(good), Gen.Byte.Array[0, 300]).Sample(bytes =>
        {
            var read = Verify(bytes);

            Assert.True(read.IsSuccess ? read.Value.Chunks.All(chunk => chunk.Name.Length == 43) : read.Errors is [{ Message.Length: > 0 }]);
        }, iter: Iterations, threads: 1);

        Result<Manifest> Verify(byte[] payload) => ManifestVerifier.Verify(
            new SignedManifest { Payload = payload, Signature = key.SignData(payload, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation), PublicKey = publicKey }, publicKey);
    }
}
