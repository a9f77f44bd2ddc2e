using System.Text;
using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

public sealed class ManifestVerifierTests : IDisposable
{
    private readonly ManifestSigner _signer = ManifestSigner.Create();

    public void Dispose() => _signer.Dispose();

    [Fact]
    public void Manifest_SignedByTheTrustedKey_ComesBack()
    {
        var manifest = Manifests.Of("L", 3, "K");

        var verified = ManifestVerifier.Verify(_signer.Sign(manifest), _signer.PublicKey);

        Assert.True(verified.IsSuccess);
        Assert.Equal(manifest.Id, verified.Value.Id);
        Assert.Equal(manifest.Chunks, verified.Value.Chunks);
        Assert.Equal(manifest.Predecessors, verified.Value.Predecessors);
        Assert.Equal(manifest.CreatedAt, verified.Value.CreatedAt);
    }

    [Fact]
    public void Signer_ImportedFromItsExport_IsTheSameKey()
    {
        using var again = ManifestSigner.Import(_signer.ExportPrivateKey());

        Assert.Equal(_signer.PublicKey, again.PublicKey);
        Assert.True(ManifestVerifier.Verify(again.Sign(Manifests.Of("L", 1)), _signer.PublicKey).IsSuccess);
    }

    [Fact]
    public void Manifest_WithAChangedPayload_IsRefused()
    {
        var signed = _signer.Sign(Manifests.Of("L", 3));
        var changed = signed with { Payload = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(signed.Payload).Replace("\"number\":3", "\"number\":4", StringComparison.Ordinal)) };

        Assert.Contains("signature", Refusal(changed), StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_WithAChangedOrMissingSignature_IsRefused()
    {
        var signed = _signer.Sign(Manifests.Of("L", 3));
        var flipped = signed.Signature.ToArray();
        flipped[5] ^= 1;

        Assert.Contains("signature", Refusal(signed with { Signature = flipped }), StringComparison.Ordinal);
        Assert.Contains("signature", Refusal(signed with { Signature = [] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Manifest_SignedByAnotherKey_IsRefusedEvenWhenItClaimsTheTrustedOne()
    {
        using var other = ManifestSigner.Create();
        var signed = other.Sign(Manifests.Of("L", 3));

        Assert.Contains("another key", Refusal(signed), StringComparison.Ordinal);
        Assert.Contains("signature", Refusal(signed with { PublicKey = _signer.PublicKey }), StringComparison.Ordinal);
    }

    public static TheoryData<string, Manifest> Malformed
    {
        get
        {
            var good = Manifests.Of("L", 1);
            var chunk = good.Chunks[0];
            return new TheoryData<string, Manifest>
            {
                { "schema", good with { Schema = Manifest.CurrentSchema + 1 } },
                { "schema", good with { Schema = 0 } },
                { "schema", good with { Schema = 1 } },
                { "number", good with { Number = 0 } },
                { "lineage", good with { Lineage = "" } },
                { "service-wide", good with { Chunks = [] } },
                { "twice", good with { Chunks = [chunk, chunk] } },
                { "well-formed", good with { Chunks = [chunk with { Name = "../../../../etc/passwd" }] } },
                { "well-formed", good with { Chunks = [chunk with { Length = 0 }] } },
                { "well-formed", good with { Chunks = [chunk with { Length = int.MaxValue }] } },
                { "neither", good with { Chunks = [chunk, chunk with { Kind = ChunkKind.Api, Id = "a" }] } },
                { "neither", good with { Chunks = [chunk, chunk with { Kind = ChunkKind.Index, Id = "64" }] } },
                { "neither", good with { Chunks = [chunk, chunk with { Kind = ChunkKind.Index, Id = "7" }] } },
                { "at most 64 pages", good with { Chunks = [.. Enumerable.Repeat(chunk, IndexPage.Count + 2)] } },
            };
        }
    }

    [Theory, MemberData(nameof(Malformed))]
    public void Manifest_SignedButMalformed_IsRefused(string expected, Manifest manifest) =>
        Assert.Contains(expected, Refusal(_signer.Sign(manifest)), StringComparison.Ordinal);

    [Fact]
    public void Manifest_LargerThanItsBound_IsNotEvenVerified() =>
        Assert.Contains("at most", Refusal(_signer.Sign(Manifests.Of("L", 1, [.. Enumerable.Range(0, 20_000).Select(number => $"{number:d60}")]))), StringComparison.Ordinal);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"lineage":"L","number":1,"gateway":"g","catalogVersion":1,"createdAt":"2026-01-01T00:00:00Z","chunks":[null]}""")]
    [InlineData("""{"lineage":"L","number":1,"gateway":"g","catalogVersion":1,"createdAt":"2026-01-01T00:00:00Z","chunks":null}""")]
    public void Manifest_SignedButNotReadable_IsRefused(string json)
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        key.ImportPkcs8PrivateKey(_signer.ExportPrivateKey(), out _);
        var payload = Encoding.UTF8.GetBytes(json);
        var signature = key.SignData(payload, System.Security.Cryptography.HashAlgorithmName.SHA256);

        Assert.NotEmpty(Refusal(new SignedManifest { Payload = payload, Signature = signature, PublicKey = _signer.PublicKey }));
    }

    [Fact]
    public void Keys_ByTurnsAndAtOnce_AreNotTakenForEachOther()
    {
        using var other = ManifestSigner.Create();
        var (own, foreign) = (_signer.Sign(Manifests.Of("L", 1)), other.Sign(Manifests.Of("L", 1)));

        Parallel.For(0, 200, i =>
        {
            var (signed, key) = i % 2 == 0 ? (own, _signer.PublicKey) : (foreign, other.PublicKey);
            Assert.True(ManifestVerifier.Verify(signed, key).IsSuccess);
            Assert.False(ManifestVerifier.Verify(signed with { PublicKey = i % 2 == 0 ? other.PublicKey : _signer.PublicKey }, i % 2 == 0 ? other.PublicKey : _signer.PublicKey).IsSuccess);
        });
    }

    private string Refusal(SignedManifest signed) => Assert.Single(ManifestVerifier.Verify(signed, _signer.PublicKey).Errors).Message;
}
