using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Grains.Federation;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Silo.Federation;

/// <summary>From the settings to how a site reaches its hub.</summary>
internal static class UpstreamSetup
{
    private const int MostConnections = 16;
    private const int HeaderKilobytes = 32;

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _connectionLife = TimeSpan.FromMinutes(2);

    /// <summary>The hub's options; null when the site is its own hub.</summary>
    /// <exception cref="ExitException">A file cannot be read, or there is no token: code 2.</exception>
    public static UpstreamOptions? From(GatewaySettings settings)
    {
        var upstream = settings.Upstream;
        if (upstream.Endpoint is not { } endpoint)
        {
            return null;
        }

        var token = new UpstreamToken(upstream);
        var authorities = upstream.CaFile is { } file ? Authorities(file) : null;
        return new UpstreamOptions
        {
            Endpoint = new Uri(endpoint),
            Token = token.Read,
            Connection = () => Connection(upstream, authorities),
            Node = settings.NodeName,
            EdgeGateway = settings.GatewayId,
            PublicKey = upstream.PublicKeyFile is { } key ? PublicKey(key) : null,
            PollPeriod = upstream.PollPeriod,
            HeartbeatPeriod = settings.Nodes.HeartbeatPeriod,
        };
    }

    private static SocketsHttpHandler Connection(UpstreamSettings upstream, X509Certificate2Collection? authorities)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            ConnectTimeout = _connectTimeout,
            PooledConnectionLifetime = _connectionLife,
            MaxConnectionsPerServer = MostConnections,
            MaxResponseHeadersLength = HeaderKilobytes,
        };
        if (upstream.Proxy is { } proxy)
        {
            handler.Proxy = new WebProxy(proxy);
        }

        if (authorities is not null)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(authorities);
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private static X509Certificate2Collection Authorities(string file) => Read(file, "Gateway:Upstream:CaFile", "certificates in PEM", () =>
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new ArgumentException("No certificate was found in it.");
    });

    private static byte[] PublicKey(string file) => Read(file, "Gateway:Upstream:PublicKeyFile", "the public key of an EC P-256 key in PEM", () =>
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(file));
        return key.ExportSubjectPublicKeyInfo();
    });

    private static T Read<T>(string file, string setting, string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ExitException(ExitCodes.Setting, $"{setting} must name a file with {what}, it is {file}: {refused.Message}", refused);
        }
    }
}
