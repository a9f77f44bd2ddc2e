using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Federation;

/// <summary>
/// Asks the hub, over HTTPS. Every answer is bounded in size and time, redirects are not followed, and whatever the hub does wrong is a
/// <see cref="HubException"/>.
/// </summary>
internal sealed class HubClient(UpstreamOptions options, TimeProvider time) : IDisposable
{
    private const int MaximumManifest = ManifestVerifier.MaximumLength + (64 * 1024);
    private const int MaximumError = 4 * 1024;
    private const int LongestShown = 300;
    private const int BufferSize = 64 * 1024;

    private static readonly TimeSpan _longestRetryAfter = TimeSpan.FromMinutes(1);

    private readonly HttpMessageInvoker _http = new(options.Connection());

    /// <summary>The signed manifest in force; null when it is the one that the site has.</summary>
    /// <param name="token">The gateway token.</param>
    /// <param name="running">What the site has.</param>
    /// <param name="wait">How long the hub shall wait for another.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<SignedManifest?> ManifestAsync(PresentToken token, PublicationId? running, TimeSpan wait, CancellationToken cancellationToken)
    {
        var seconds = ((int)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var request = Request(HttpMethod.Get, token, $"manifest?wait={seconds}&node={Uri.EscapeDataString(options.Node)}");
        if (running is { } publication)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{FederationNames.TagOf(publication)}\""));
        }

        return SendAsync<SignedManifest?>(request, wait + options.AnswerPatience, async (response, stopped) =>
        {
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                return running is not null ? null : throw new HubException("The hub says that nothing changed, though the site has nothing yet.");
            }

            await CheckAsync(response, stopped);
            return SignedManifestFormat.Read(await ReadAsync(response, MaximumManifest, stopped))
                ?? throw new HubException("The hub's answer is no signed manifest.");
        }, cancellationToken);
    }

    /// <summary>The packed content of a chunk, as long as its manifest says.</summary>
    public Task<byte[]> ChunkAsync(PresentToken token, string name, int length, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Get, token, "chunks/" + name);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        return SendAsync(request, options.ChunkPatience, async (response, stopped) =>
        {
            await CheckAsync(response, stopped);
            var packed = await ReadAsync(response, length, stopped);
            return packed.Length == length ? packed : throw new HubException($"The hub sent {packed.Length} bytes of a chunk that has {length}.");
        }, cancellationToken);
    }

    /// <summary>Tells of the site's nodes.</summary>
    public Task HeartbeatAsync(PresentToken token, SiteHeartbeat heartbeat, CancellationToken cancellationToken) =>
        PostAsync(token, "heartbeat", JsonContent.Create(heartbeat, FederationJson.Default.SiteHeartbeat), cancellationToken);

    /// <summary>Tells what happened.</summary>
    public Task EventsAsync(PresentToken token, SiteEvents events, CancellationToken cancellationToken) =>
        PostAsync(token, "events", JsonContent.Create(events, FederationJson.Default.SiteEvents), cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private Task PostAsync(PresentToken token, string what, JsonContent content, CancellationToken cancellationToken)
    {
        var request = Request(HttpMethod.Post, token, what);
        request.Content = content;
        return SendAsync(request, options.AnswerPatience, async (response, stopped) =>
        {
            await CheckAsync(response, stopped);
            return true;
        }, cancellationToken);
    }

    private HttpRequestMessage Request(HttpMethod method, PresentToken token, string rest)
    {
        var below = options.Endpoint.AbsoluteUri.TrimEnd('/');
        var request = new HttpRequestMessage(method, $"{below}/{FederationNames.Path(token.Token.Gateway, rest)}")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.TryAddWithoutValidation("Authorization", $"{GatewayToken.Scheme} {token.Text}");
        return request;
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, TimeSpan patience, Func<HttpResponseMessage, CancellationToken, Task<T>> readAsync, CancellationToken cancellationToken)
    {
        using var bound = new CancellationTokenSource(patience, time);
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            using (request)
            using (var response = await _http.SendAsync(request, stopped.Token))
            {
                return await readAsync(response, stopped.Token);
            }
        }
        catch (OperationCanceledException late) when (bound.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new HubException($"The hub at {options.Endpoint.Authority} did not answer within {patience.TotalSeconds:0} s.", inner: late);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new HubException($"The hub at {options.Endpoint.Authority} cannot be reached, or broke off its answer: {(failure.InnerException ?? failure).Message}", inner: failure);
        }
    }

    private async Task CheckAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        switch (status)
        {
            case >= 200 and < 300:
                return;
            case >= 300 and < 400:
                throw new HubException($"The hub at {options.Endpoint.Authority} answers with a redirect to '{Shown(response.Headers.Location?.ToString())}', which is not followed: Gateway:Upstream:Endpoint must be its own address.");
            default:
                var said = await SaidAsync(response, cancellationToken);
                throw new HubException(
                    status == 401 ? $"The hub refuses the gateway token: {said}" : $"The hub at {options.Endpoint.Authority} answered {status}: {said}",
                    RetryAfter(response));
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow());
        return after is not { } asked || asked <= TimeSpan.Zero ? null : asked < _longestRetryAfter ? asked : _longestRetryAfter;
    }

    private static async Task<string> SaidAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var error = JsonDocument.Parse(await ReadAsync(response, MaximumError, cancellationToken));
            return Shown(error.RootElement.GetProperty("error").GetProperty("message").GetString());
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or HubException)
        {
            return "it does not say why";
        }
    }

    // What a stranger says goes to logs and answers: a line of bounded length.
    private static string Shown(string? text) =>
        string.Concat((text ?? "").Take(LongestShown).Select(c => char.IsControl(c) ? ' ' : c));

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int maximum, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var read = new MemoryStream();
        var buffer = new byte[Math.Min(BufferSize, maximum + 1)];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            read.Write(buffer, 0, count);
            if (read.Length > maximum)
            {
                throw new HubException($"The hub's answer is longer than the {maximum} bytes that it may have.");
            }
        }

        return read.ToArray();
    }
}
