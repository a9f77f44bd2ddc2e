using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Edge.Backends;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Identity;

/// <summary>Asks the identity provider for tokens: client credentials (RFC 6749, 4.4) with a secret or with a token of the platform (RFC 7523).</summary>
internal sealed class TokenClient(BackendInvokers invokers, IdentityOptions options, TimeProvider time)
{
    private const int MaximumBytes = 128 * 1024;
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_unsaid = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>Asks for one.</summary>
    /// <exception cref="TokenException">There is none; the message says why, without secrets.</exception>
    public async Task<Token> GetAsync(TokenName name)
    {
        if (options.TokenEndpoint is not { } endpoint)
        {
            throw new TokenException("This edge has no identity: Gateway:Identity:TokenEndpoint is not set.");
        }

        var form = await FormAsync(name);
        using var deadline = new CancellationTokenSource(options.Timeout, time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) };
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            using var answer = await invokers.For(BackendTrust.Full).SendAsync(request, deadline.Token);
            await answer.Content.LoadIntoBufferAsync(MaximumBytes, deadline.Token);
            return Read(answer, await answer.Content.ReadAsByteArrayAsync(deadline.Token));
        }
        catch (OperationCanceledException e)
        {
            throw new TokenException($"The token endpoint did not answer within {options.Timeout.TotalSeconds:0.###} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new TokenException("The token endpoint could not be reached, or broke off.", e);
        }
    }

    private async Task<Dictionary<string, string>> FormAsync(TokenName name)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = name.ClientId,
            ["scope"] = options.Scope.Replace("{resource}", name.Resource.TrimEnd('/'), StringComparison.Ordinal),
        };
        if (options.FederatedTokenFile is { } file)
        {
            form["client_assertion_type"] = AssertionType;
            form["client_assertion"] = await ReadFileAsync(file);
        }
        else if (name.ClientId != options.ClientId)
        {
            throw new TokenException("The policy names another client than the one whose secret this edge has.");
        }
        else
        {
            form["client_secret"] = options.ClientSecret ?? "";
        }

        return form;
    }

    private static async Task<string> ReadFileAsync(string file)
    {
        try
        {
            return new FileInfo(file).Length > MaximumBytes
                ? throw new TokenException("The token file of the platform is too long.")
                : (await File.ReadAllTextAsync(file)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TokenException("The token file of the platform could not be read.", e);
        }
    }

    private Token Read(HttpResponseMessage answer, byte[] body)
    {
        var now = time.GetUtcNow();
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (!answer.IsSuccessStatusCode)
            {
                var code = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String ? error.GetString() : null;
                throw new TokenException($"The token endpoint answered with status {(int)answer.StatusCode}{(IsWord(code) ? $" ({code})" : "")}.");
            }

            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("access_token", out var token) && token.ValueKind == JsonValueKind.String
                && token.GetString() is { Length: > 0 } text && !text.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                var life = Life(root);
                return new Token(text, now + (life * 0.8), now + life);
            }
        }
        catch (JsonException e)
        {
            throw new TokenException($"The token endpoint answered with status {(int)answer.StatusCode} and no JSON.", e);
        }

        throw new TokenException("The token endpoint answered without a usable access_token.");
    }

    /// <summary>Some providers write the number as text.</summary>
    private static TimeSpan Life(JsonElement answer)
    {
        var seconds = !answer.TryGetProperty("expires_in", out var said) ? s_unsaid.TotalSeconds
            : said.ValueKind == JsonValueKind.Number && said.TryGetDouble(out var number) ? number
            : said.ValueKind == JsonValueKind.String && double.TryParse(said.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var written) ? written
            : s_unsaid.TotalSeconds;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, s_shortest.TotalSeconds, s_longest.TotalSeconds));
    }

    private static bool IsWord(string? code) => code is { Length: > 0 and < 64 } && !code.AsSpan().ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz_");
}
