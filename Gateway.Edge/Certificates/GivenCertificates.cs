using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Gateway.Edge.Certificates;

/// <summary>
/// Certificates that policies give as bytes. Loading one derives a key from its password, so the last ones used are kept, by a hash of both. Connections hold
/// them, so they are left to the collector and not disposed.
/// </summary>
internal sealed class GivenCertificates : IDisposable
{
    private const int Maximum = 100;

    private static readonly TimeSpan s_unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _loaded = new(Options.Create(new MemoryCacheOptions { SizeLimit = Maximum }));

    /// <summary>The certificate, with its key, in the bytes of a .pfx file.</summary>
    /// <exception cref="CryptographicException">They are none, or the password is wrong.</exception>
    public X509Certificate2 Load(byte[] pfx, string? password)
    {
        var name = Name(pfx, password);
        if (!_loaded.TryGetValue(name, out X509Certificate2? certificate))
        {
            certificate = X509CertificateLoader.LoadPkcs12(pfx, password);
            _loaded.Set(name, certificate, new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = s_unused });
        }

        return certificate!;
    }

    public void Dispose() => _loaded.Dispose();

    private static string Name(byte[] pfx, string? password)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(pfx);
        hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(password is null ? "" : $"+{password}")));
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
