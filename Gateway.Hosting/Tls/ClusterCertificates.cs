using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting.Expiry;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Tls;

/// <summary>
/// This node's certificate for the site's own traffic, and the CA that those of others must come from. Read again when the files changed; files that cannot be used
/// leave what is in use, and are said once.
/// </summary>
public sealed partial class ClusterCertificates : IExpirySource
{
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(1);
    private static readonly Oid _server = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid _client = new("1.3.6.1.5.5.7.3.2");

    private readonly ClusterTlsSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Material _material;
    private long _lookedAt;
    private string? _refused;

    private ClusterCertificates(ClusterTlsSettings settings, Material material, TimeProvider time, ILogger logger) =>
        (_settings, _material, _time, _logger, _lookedAt) = (settings, material, time, logger, time.GetTimestamp());

    /// <summary>This node's certificate with its key.</summary>
    public X509Certificate2 Certificate => Current().Certificate;

    /// <summary>It and what is sent along, for a handshake.</summary>
    internal SslStreamCertificateContext Context() => Current().Context;

    /// <summary>Reads the files of the settings; null when they name none.</summary>
    /// <exception cref="ExitException">They cannot be used: exit code 2.</exception>
    public static ClusterCertificates? Load(ClusterTlsSettings settings, TimeProvider time, ILogger logger)
    {
        if (settings.CertificatePath is null)
        {
            return settings.CaPath is null && settings.KeyPath is null ? null
                : throw new ExitException(ExitCodes.Setting, "Gateway:ClusterTls:CertificatePath must be set with Gateway:ClusterTls:CaPath and Gateway:ClusterTls:KeyPath.");
        }

        if (settings.CaPath is null)
        {
            throw new ExitException(ExitCodes.Setting, "Gateway:ClusterTls:CaPath must be set with Gateway:ClusterTls:CertificatePath: it names the CA that other nodes' certificates must come from.");
        }

        try
        {
            return new ClusterCertificates(settings, Material.Read(settings), time, logger);
        }
        catch (Exception refused) when (IsUnusable(refused))
        {
            throw new ExitException(ExitCodes.Setting, $"Gateway:ClusterTls cannot be used: {refused.Message}", refused);
        }
    }

    /// <summary>True when the certificate of the other side comes from the site's CA, is valid now, and is meant for the side it stands on.</summary>
    /// <param name="certificate">What the other side showed; null for nothing.</param>
    /// <param name="sent">The certificates that it sent along.</param>
    /// <param name="isServer">True when the other side listens.</param>
    public bool IsOfThisSite(X509Certificate2? certificate, X509Certificate2Collection? sent, bool isServer)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Current().Authorities);
        chain.ChainPolicy.ExtraStore.AddRange(sent ?? []);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(isServer ? _server : _client);
        var isOfThisSite = chain.Build(certificate);
        if (!isOfThisSite)
        {
            Log.Refused(_logger, certificate.Subject, string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim())));
        }

        return isOfThisSite;
    }

    /// <inheritdoc />
    public IEnumerable<ExpiringThing> Expiries()
    {
        var material = Current();
        return
        [
            new ExpiringThing("cluster_certificate", "the certificate of Gateway:ClusterTls:CertificatePath", new DateTimeOffset(material.Certificate.NotAfter)),
            .. material.Authorities.Take(1).Select(ca => new ExpiringThing("cluster_ca", "the CA of Gateway:ClusterTls:CaPath", new DateTimeOffset(ca.NotAfter))),
        ];
    }

    private static bool IsUnusable(Exception exception) => exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private Material Current()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_lookedAt) < _look)
            {
                return _material;
            }

            _lookedAt = _time.GetTimestamp();
            try
            {
                if (!_material.IsAsIn(_settings))
                {
                    _material = Material.Read(_settings);
                    Log.Taken(_logger, _material.Certificate.Subject, _material.Certificate.NotAfter);
                }

                _refused = null;
            }
            catch (Exception refused) when (IsUnusable(refused))
            {
                // Often one file of two is written first; connections go on with what was there before.
                if (_refused != refused.Message)
                {
                    Log.NotTaken(_logger, refused.Message);
                }

                _refused = refused.Message;
            }

            return _material;
        }
    }

    private sealed record Material(X509Certificate2 Certificate, SslStreamCertificateContext Context, X509Certificate2Collection Authorities, byte[] Hash)
    {
        public static Material Read(ClusterTlsSettings settings)
        {
            var hash = HashOf(settings);
            using var pem = X509Certificate2.CreateFromPemFile(settings.CertificatePath!, settings.KeyPath ?? settings.CertificatePath);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(settings.CertificatePath!);
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(settings.CaPath!);
            if (authorities.Count == 0)
            {
                throw new ArgumentException($"{settings.CaPath} holds no certificate.");
            }

            // A key that lives only in PEM memory cannot serve TLS on every platform; one that went through PKCS #12 can.
            var usable = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
            return new Material(usable, SslStreamCertificateContext.Create(usable, [.. chain.Skip(1)], offline: true), authorities, hash);
        }

        public bool IsAsIn(ClusterTlsSettings settings) => Hash.AsSpan().SequenceEqual(HashOf(settings));

        private static byte[] HashOf(ClusterTlsSettings settings)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var path in (string[])[settings.CertificatePath!, settings.KeyPath ?? settings.CertificatePath!, settings.CaPath!])
            {
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
            }

            return hash.GetHashAndReset();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "New connections between nodes use the certificate {Subject}, valid until {NotAfter:u}.")]
        public static partial void Taken(ILogger logger, string subject, DateTime notAfter);

        [LoggerMessage(2, LogLevel.Error, "The changed files of Gateway:ClusterTls cannot be used: {Reason} The certificate in use stays.")]
        public static partial void NotTaken(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "A node with the certificate {Subject} was refused: {Reason}")]
        public static partial void Refused(ILogger logger, string subject, string reason);
    }
}
