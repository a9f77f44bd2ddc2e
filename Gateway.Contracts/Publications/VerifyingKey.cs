using System.Security.Cryptography;

namespace Gateway.Contracts.Publications;

/// <summary>
/// A public key ready to verify with. Reading one costs more than twice what verifying a signature does, and an edge verifies by the same one for years: the last
/// one is kept for the next who needs it.
/// </summary>
internal sealed class VerifyingKey : IDisposable
{
    private static VerifyingKey? s_kept;

    private readonly byte[] _info;

    private VerifyingKey(ReadOnlySpan<byte> info)
    {
        (_info, Key) = (info.ToArray(), ECDsa.Create());
        try
        {
            Key.ImportSubjectPublicKeyInfo(info, out _);
        }
        catch
        {
            Key.Dispose();
            throw;
        }
    }

    /// <summary>The key; nobody else uses it until this is disposed of.</summary>
    public ECDsa Key { get; }

    /// <summary>Takes a key, to be given back by disposing of it.</summary>
    /// <param name="info">SubjectPublicKeyInfo, DER.</param>
    /// <exception cref="CryptographicException">It is no key.</exception>
    public static VerifyingKey Rent(ReadOnlySpan<byte> info)
    {
        var kept = Interlocked.Exchange(ref s_kept, null);
        if (kept is not null && info.SequenceEqual(kept._info))
        {
            return kept;
        }

        kept?.Key.Dispose();
        return new VerifyingKey(info);
    }

    /// <summary>Gives it back.</summary>
    public void Dispose() => Interlocked.Exchange(ref s_kept, this)?.Key.Dispose();
}
