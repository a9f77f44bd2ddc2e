using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Backends;

/// <summary>
/// The connection pools, towards backends and for the calls of policies: one for each kind of connection. Policies can name any number of proxies and
/// certificates, so only so many are kept; what is dropped closes by itself when its last request is through.
/// </summary>
internal sealed class BackendInvokers(EdgeOptions options, BackendConnector connector, TimeProvider time) : IDisposable
{
    /// <summary>Pools at most.</summary>
    internal const int Maximum = 256;

    private readonly ConcurrentDictionary<ConnectionKey, Pool> _pools = new();
    private HttpMessageInvoker? _usual;
    private HttpMessageInvoker? _usualCall;

    /// <summary>The pool of a backend's requests.</summary>
    /// <param name="trust">How certificates are judged.</param>
    /// <param name="choice">What policies chose.</param>
    /// <param name="continueTimeout">How long the other end may take to ask for an announced body; null for the usual time.</param>
    public HttpMessageInvoker For(BackendTrust trust, in ConnectionChoice choice = default, TimeSpan? continueTimeout = null) =>
        trust == BackendTrust.Full && choice.IsUsual && continueTimeout is null
            ? _usual ??= Get(ConnectionKey.Usual, default)
            : Get(ConnectionKey.Of(trust, choice, continueTimeout), choice.Certificate);

    /// <summary>The pool of a call that a policy makes.</summary>
    /// <param name="choice">What the policy chose.</param>
    public HttpMessageInvoker ForCall(in ConnectionChoice choice) =>
        choice.IsUsual ? _usualCall ??= Get(ConnectionKey.UsualCall, default) : Get(ConnectionKey.OfCall(choice), choice.Certificate);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Invoker.Dispose();
        }
    }

    private HttpMessageInvoker Get(ConnectionKey key, X509Certificate2? certificate)
    {
        if (!_pools.TryGetValue(key, out var pool))
        {
            if (_pools.Count >= Maximum)
            {
                DropOldest();
            }

            pool = _pools.GetOrAdd(key, wanted => new Pool(Make(wanted, certificate)));
        }

        pool.LastUsed = time.GetTimestamp();
        return pool.Invoker;
    }

    private void DropOldest()
    {
        var oldest = _pools.Where(pair => pair.Key != ConnectionKey.Usual && pair.Key != ConnectionKey.UsualCall).MinBy(pair => pair.Value.LastUsed);
        // Not disposed: requests may be using it. Nobody holds it then, and its idle connections end by its own timer.
        _pools.TryRemove(oldest);
    }

    private HttpMessageInvoker Make(ConnectionKey key, X509Certificate2? certificate)
    {
        var trust = key.Trust;
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = key.Proxy is not null || options.UseSystemProxy,
            Proxy = key.Proxy is { } proxy ? ProxyOf(proxy) : null,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = options.BackendConnectionLifetime,
            PooledConnectionIdleTimeout = options.BackendIdleTimeout,
            ConnectTimeout = options.BackendConnectTimeout,
            // What a policy drops is read to its end when it is short, so that the connection can be used again.
            MaxResponseDrainSize = 1024 * 1024,
            ResponseDrainTimeout = TimeSpan.FromSeconds(2),
            // Header values go out as the bytes that came (HeaderCoding).
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            // The exchange itself passes the trace on.
            ActivityHeadersPropagator = null,
            ConnectCallback = (context, cancellationToken) => connector.ConnectAsync(key, context.DnsEndPoint, cancellationToken),
        };
        if (key.ContinueTimeout is { } wait)
        {
            handler.Expect100ContinueTimeout = wait;
        }

        if (certificate is not null)
        {
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        if (trust != BackendTrust.Full)
        {
            var accepted = (trust.Chain ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateChainErrors)
                | (trust.Name ? SslPolicyErrors.None : SslPolicyErrors.RemoteCertificateNameMismatch);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, errors) => (errors & ~accepted) == SslPolicyErrors.None;
        }

        return new HttpMessageInvoker(handler);
    }

    /// <summary>TLS towards the proxy is the connector's.</summary>
    private static WebProxy ProxyOf(ProxyServer proxy) => new(new UriBuilder(Uri.UriSchemeHttp, proxy.Url.Host, proxy.Url.Port).Uri)
    {
        Credentials = proxy.User is null ? null : new NetworkCredential(proxy.User, proxy.Password),
    };

    private sealed class Pool(HttpMessageInvoker invoker)
    {
        public HttpMessageInvoker Invoker => invoker;

        public long LastUsed { get; set; }
    }
}
