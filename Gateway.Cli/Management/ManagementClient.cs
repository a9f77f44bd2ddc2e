using Gateway.Hosting.Running;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Cli.Management;

/// <summary>Calls a management API. Answers are bounded in size and time.</summary>
internal sealed class ManagementClient : IDisposable
{
    private const string Version = "api-version=2024-05-01";
    private const int MaximumAnswerBytes = 65 << 20;
    private const int MostTries = 10;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly Uri _service;

    /// <summary>Makes a client for one server.</summary>
    /// <exception cref="ExitException">The file with the trusted certificates is unusable.</exception>
    public ManagementClient(ManagementTarget target)
    {
        _service = target.Service;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            UseCookies = false,

            // A proxy does not reach this machine's loopback, and must not see the token.
            UseProxy = !target.Service.IsLoopback,
        };
        if (target.CaFile is not null && target.Service.Scheme == Uri.UriSchemeHttps)
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(target.CaFile) };
        }

        _http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(100), MaxResponseContentBufferSize = MaximumAnswerBytes };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", target.Token);
    }

    /// <summary>
    /// Commits a change set, or hears why not. A server that has no answer in time (503) is asked again: what it has written all the same is unchanged then.
    /// </summary>
    /// <exception cref="ExitException">The server cannot be reached, or does not know us.</exception>
    public async Task<CommitAnswer> CommitAsync(JsonObject changeSet, CancellationToken cancellationToken)
    {
        var text = changeSet.ToJsonString();
        var (status, body, ignored) = await AskAsync(
            () => new(HttpMethod.Post, Url("/changes")) { Content = new StringContent(text, Encoding.UTF8, "application/json") }, cancellationToken);
        return status < 300 ? CommitAnswers.Success(body, ignored) : CommitAnswers.Refusal(status, body);
    }

    /// <summary>
    /// Reads a resource or list, or what an action such as <c>/subscriptions/sample/listSecrets</c> shows; null when it is not there. A server that has
    /// no answer in time (503) is asked again: reading twice does no harm.
    /// </summary>
    /// <exception cref="ExitException">The server cannot be reached, or refuses.</exception>
    public async Task<JsonObject?> FindAsync(HttpMethod method, string path, CancellationToken cancellationToken, params (string Name, string Value)[] query)
    {
        var (status, body, _) = await AskAsync(() => new(method, Url(path, query)), cancellationToken);
        return status switch
        {
            200 => body,
            404 => null,
            _ => throw Refused(path, status, body),
        };
    }

    /// <summary>Sends something to be set, or runs an action, and gives what is there then, or an empty object; null when it is not there. It must do no harm to do it twice.</summary>
    /// <exception cref="ExitException">The server cannot be reached, or refuses.</exception>
    public async Task<JsonObject?> WriteAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var text = body?.ToJsonString();
        var (status, answer, _) = await AskAsync(
            () => new(method, Url(path)) { Content = text is null ? null : new StringContent(text, Encoding.UTF8, "application/json") }, cancellationToken);
        return status switch
        {
            < 300 => answer,
            404 => null,
            _ => throw Refused(path, status, answer),
        };
    }

    /// <summary>Runs an action that shows nothing. A server that has no answer in time (503) is asked again.</summary>
    /// <exception cref="ExitException">The server cannot be reached, or refuses.</exception>
    public async Task RunAsync(string path, JsonObject body, CancellationToken cancellationToken)
    {
        var text = body.ToJsonString();
        var (status, answer, _) = await AskAsync(() => new(HttpMethod.Post, Url(path)) { Content = new StringContent(text, Encoding.UTF8, "application/json") }, cancellationToken);
        if (status >= 300)
        {
            throw Refused(path, status, answer);
        }
    }

    /// <summary>Gets a file.</summary>
    /// <exception cref="ExitException">The server cannot be reached, or refuses.</exception>
    public async Task<byte[]> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(path));
        return await ExchangeAsync(request, async response =>
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode ? bytes : throw Refused(path, (int)response.StatusCode, Parse(Encoding.UTF8.GetString(bytes)));
        }, cancellationToken);
    }

    /// <summary>Sends a file.</summary>
    /// <exception cref="ExitException">The server cannot be reached, or refuses.</exception>
    public async Task<JsonObject> UploadAsync(string path, byte[] file, CancellationToken cancellationToken, params (string Name, string Value)[] query)
    {
        using var content = new ByteArrayContent(file);
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(path, query)) { Content = content };
        var (status, body, _) = await SendAsync(request, cancellationToken);
        return status == 200 ? body : throw Refused(path, status, body);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private Uri Url(string path, params (string Name, string Value)[] query) =>
        new($"{_service.AbsoluteUri}{path}?{Version}{string.Concat(query.Select(parameter => $"&{parameter.Name}={Uri.EscapeDataString(parameter.Value)}"))}");

    private async Task<(int Status, JsonObject Body, string? Ignored)> AskAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            using var request = make();
            var answer = await SendAsync(request, cancellationToken);
            if (answer.Status != 503 || tries == MostTries)
            {
                return answer;
            }

            await Task.Delay(_pause, cancellationToken);
        }
    }

    private Task<(int Status, JsonObject Body, string? Ignored)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        ExchangeAsync(request, async response =>
        {
            var body = Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            var ignored = response.Headers.TryGetValues("x-gateway-ignored", out var names) ? string.Join(", ", names) : null;
            return ((int)response.StatusCode, body, ignored);
        }, cancellationToken);

    private async Task<T> ExchangeAsync<T>(HttpRequestMessage request, Func<HttpResponseMessage, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return (int)response.StatusCode is 401 or 403
                ? throw new ExitException(ExitCodes.Refused, $"{_service.GetLeftPart(UriPartial.Authority)} does not accept the admin token.")
                : await read(response);
        }
        catch (HttpRequestException exception)
        {
            throw new ExitException(ExitCodes.StoreUnreachable, $"{_service.GetLeftPart(UriPartial.Authority)} cannot be reached: {(exception.InnerException ?? exception).Message}", exception);
        }
        catch (TaskCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExitException(ExitCodes.StoreUnreachable, $"{_service.GetLeftPart(UriPartial.Authority)} did not answer within {_http.Timeout.TotalSeconds} s.", exception);
        }
    }

    private JsonObject Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text.Length == 0 ? "{}" : text) as JsonObject ?? throw NotOurs(null);
        }
        catch (JsonException exception)
        {
            throw NotOurs(exception);
        }
    }

    private ExitException Refused(string path, int status, JsonObject body) =>
        new(ExitCodes.Refused, $"{_service}{path}: {string.Join(" ", CommitAnswers.Refusal(status, body).Errors.Select(error => error.Message))}");

    private ExitException NotOurs(Exception? cause) =>
        new(ExitCodes.StoreUnreachable, $"{_service.GetLeftPart(UriPartial.Authority)} did not answer as a management API does.", cause);

    private static X509ChainPolicy Trust(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        try
        {
            policy.CustomTrustStore.ImportFromPemFile(file);
            return policy.CustomTrustStore.Count > 0 ? policy : throw new ExitException(ExitCodes.Setting, $"--ca: {file} holds no certificate.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ExitException(ExitCodes.Setting, $"--ca: {file} cannot be used: {exception.Message}", exception);
        }
    }
}
