using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Tests.Publications;

public sealed class KeyChainTests
{
    [Fact]
    public void Chain_LeadsToEveryKeyBefore_UpToItsBound()
    {
        var signers = Line(KeyChain.MaximumLinks + 2);
        var last = signers[^1];

        Assert.Equal(KeyChain.MaximumLinks, last.Chain.Length);
        Assert.All(signers[^(KeyChain.MaximumLinks + 1)..^1], signer => Assert.True(KeyChain.LeadsTo(last.PublicKey, last.Chain, signer.PublicKey)));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, last.Chain, signers[0].PublicKey));
    }

    [Fact]
    public void Chain_OfAStranger_OrBrokenAnywhere_LeadsNowhere()
    {
        var line = Line(3);
        using var stranger = ManifestSigner.Create();
        var (last, chain) = (line[2], line[2].Chain);
        var trusted = line[0].PublicKey;
        byte[] flipped = [.. chain[1].Signature[..^1], (byte)(chain[1].Signature[^1] ^ 1)];

        Assert.False(KeyChain.LeadsTo(stranger.PublicKey, chain, trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [chain[1], chain[0]], trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [chain[1]], trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [chain[0], chain[1] with { Signature = flipped }], trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [chain[0], chain[1] with { PreviousKey = [1, 2, 3] }], trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [chain[0], null!], trusted));
        Assert.False(KeyChain.LeadsTo(last.PublicKey, [], trusted));
        Assert.False(KeyChain.LeadsTo(stranger.PublicKey, [new KeyLink(trusted, stranger.Sign(Manifests.Of("L", 1)).Signature)], trusted));
    }

    [Fact]
    public void SignerAfterAnother_IsFollowedFromTheOtherFromItselfAndFromItsOwnPast()
    {
        var line = Line(2);
        using var other = ManifestSigner.Create();
        using var joined = line[1].After(other);

        Assert.Equal(line[1].PublicKey, joined.PublicKey);
        Assert.True(KeyChain.LeadsTo(joined.PublicKey, joined.Chain, other.PublicKey));
        Assert.True(KeyChain.LeadsTo(joined.PublicKey, joined.Chain, line[1].PublicKey));
        Assert.True(KeyChain.LeadsTo(joined.PublicKey, joined.Chain, line[0].PublicKey));
    }

    [Fact]
    public void Chain_ComesBackWithTheManifest()
    {
        var signed = Line(3)[2].Sign(Manifests.Of("L", 1));

        var read = SignedManifestFormat.Read(SignedManifestFormat.Write(signed))!;

        Assert.Equal(signed.Chain.Select(link => (Convert.ToHexString(link.PreviousKey), Convert.ToHexString(link.Signature))), read.Chain.Select(link => (Convert.ToHexString(link.PreviousKey), Convert.ToHexString(link.Signature))));
        Assert.Equal(signed.Payload, read.Payload);
        Assert.Null(SignedManifestFormat.Read(SignedManifestFormat.Write(signed).AsSpan()[..^1]));
        Assert.Null(SignedManifestFormat.Read([.. SignedManifestFormat.Write(signed), 0, 0, 0, 0]));
    }

    private static ManifestSigner[] Line(int length)
    {
        var line = new List<ManifestSigner> { ManifestSigner.Create() };
        while (line.Count < length)
        {
            line.Add(line[^1].Next());
        }

        return [.. line];
    }
}
