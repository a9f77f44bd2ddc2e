using System.Text;
using System.Text.Json;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Edge.Tokens;

/// <summary>Fetches OpenID configuration documents and the keys that they name.</summary>
internal sealed class OpenIdClient(EdgeOptions options, TimeProvider time) : IDisposable
{
    private const int LongestDocument = 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = options.UseSystemProxy,
        MaxAutomaticRedirections = 3,
        ConnectTimeout = options.BackendConnectTimeout,
        PooledConnectionLifetime = options.BackendConnectionLifetime,
        ActivityHeadersPropagator = null,
    });

    /// <summary>Fetches both, in ten seconds at most.</summary>
    /// <exception cref="HttpRequestException">One of them cannot be had, or is longer than 1 MB.</exception>
    /// <exception cref="OperationCanceledException">It takes too long.</exception>
    /// <exception cref="JsonException">The document is no JSON.</exception>
    /// <exception cref="FormatException">The document names no issuer or no keys.</exception>
    /// <exception cref="ArgumentException">The keys are no key set.</exception>
    public async Task<OpenIdDescription?> FetchAsync(string url)
    {
        using var deadline = new CancellationTokenSource(s_timeout, time);
        using var document = JsonDocument.Parse(await GetAsync(new Uri(url, UriKind.Absolute), deadline.Token));
        var issuer = TextOf(document.RootElement, "issuer");
        var keys = await GetAsync(new Uri(TextOf(document.RootElement, "jwks_uri"), UriKind.Absolute), deadline.Token);
        return new(new TokenIssuer(issuer, [.. new JsonWebKeySet(keys).GetSigningKeys()]), keys);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static string TextOf(JsonElement document, string name) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"The OpenID configuration has no text '{name}'.");

    private async Task<string> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(LongestDocument, cancellationToken);
        return Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
