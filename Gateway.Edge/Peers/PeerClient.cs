using System.Net;
using Gateway.Contracts.Publications;
using Gateway.Edge.Publications;
using Gateway.Hosting.Settings;
using Gateway.Hosting.Tls;

namespace Gateway.Edge.Peers;

/// <summary>Asks other edges for what they run. Connections are made anew for each round, with the certificate that is there then.</summary>
internal sealed class PeerClient : IDisposable
{
    private const int MostConnections = 8;

    private readonly HttpClient _http;
    private readonly PeerOptions _options;
    private readonly TimeProvider _time;

    /// <summary>A client for one round.</summary>
    public PeerClient(PeerOptions options, ClusterCertificates certificates, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = options.Patience,
            MaxConnectionsPerServer = MostConnections,
            SslOptions = ClusterTls.BetweenEdges(certificates),
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ManifestRules.MaximumChunkLength,
        };
    }

    /// <summary>The addresses of the peers: all of each name.</summary>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(CancellationToken cancellationToken)
    {
        var found = await Task.WhenAll(_options.Peers.Select(peer => ResolveAsync(peer, cancellationToken)));
        return [.. found.SelectMany(addresses => addresses).Distinct()];
    }

    /// <summary>What a peer runs; null when it runs nothing.</summary>
    /// <exception cref="HttpRequestException">It cannot be reached, or gave something else.</exception>
    public async Task<SignedManifest?> ManifestAsync(IPEndPoint peer, CancellationToken cancellationToken)
    {
        var body = await GetAsync(peer, PeerServer.ManifestPath, _options.Patience, cancellationToken);
        return body is null ? null : SignedManifestFormat.Read(body) ?? throw new HttpRequestException("it answers with something that is no signed manifest");
    }

    /// <summary>Gives bodies of chunks that a peer has.</summary>
    public ChunkSource Chunks(IPEndPoint peer) => (names, cancellationToken) =>
        Task.WhenAll(names.Select(name => GetAsync(peer, PeerServer.ChunkPath + name, _options.FetchPatience, cancellationToken)));

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<IPEndPoint[]> ResolveAsync(HostPort peer, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(peer.Host, cancellationToken).WaitAsync(_options.Patience, _time, cancellationToken);
        return Array.ConvertAll(addresses, address => new IPEndPoint(address, peer.Port));
    }

    private async Task<byte[]?> GetAsync(IPEndPoint peer, string path, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(patience);
        using var response = await _http.GetAsync(new Uri($"https://{peer}{path}"), bound.Token);
        return response.StatusCode switch
        {
            HttpStatusCode.OK => await response.Content.ReadAsByteArrayAsync(bound.Token),
            HttpStatusCode.NotFound => null,
            var other => throw new HttpRequestException($"it answers {(int)other}"),
        };
    }
}
