using Gateway.Policies.Execution;

namespace Gateway.Edge.Identity;

/// <summary>The token of one resource and client, and its renewal.</summary>
internal sealed partial class HeldToken(TokenName name, TokenClient client, TimeProvider time, ILogger logger)
{
    // A provider that is down is not asked by every request.
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(5);

    private readonly Lock _fetching = new();
    private volatile Token? _token;
    private Task<Token>? _fetch;
    private TokenException? _failure;
    private DateTimeOffset _restUntil;

    /// <summary>True when there is no token that is good any more, and none under way.</summary>
    public bool IsOver => _token is { } token ? token.Expires <= time.GetUtcNow() : _fetch is null or { IsCompleted: true };

    public ValueTask<string> GetAsync()
    {
        var now = time.GetUtcNow();
        if (_token is not { } token || token.Expires <= now)
        {
            return WaitAsync(now);
        }

        if (token.Renew <= now)
        {
            _ = Fetch(now, token);
        }

        return new(token.Text);
    }

    private async ValueTask<string> WaitAsync(DateTimeOffset now) => (await Fetch(now, null)).Text;

    /// <summary>One call at a time; a failure is everybody's until the rest is over.</summary>
    private Task<Token> Fetch(DateTimeOffset now, Token? held)
    {
        lock (_fetching)
        {
            if (_fetch is { IsCompleted: false } running)
            {
                return running;
            }

            if (_token is { } other && other != held && other.Expires > now)
            {
                return Task.FromResult(other);
            }

            if (_failure is { } failure && now < _restUntil)
            {
                return held is null ? Task.FromException<Token>(new TokenException(failure.Message, failure)) : Task.FromResult(held);
            }

            return _fetch = FetchAsync(held);
        }
    }

    private async Task<Token> FetchAsync(Token? held)
    {
        // The lock is left before anything is waited for.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var token = await client.GetAsync(name);
            _token = token;
            _failure = null;
            return token;
        }
        catch (TokenException e)
        {
            lock (_fetching)
            {
                (_failure, _restUntil) = (e, time.GetUtcNow() + s_rest);
            }

            Log.Failed(logger, name.Resource, e.Message);
            if (held is null)
            {
                throw;
            }

            return held;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "There is no new token for {Resource}: {Reason}")]
        public static partial void Failed(ILogger logger, string resource, string reason);
    }
}

/// <summary>A token.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Renew">When to ask for the next.</param>
/// <param name="Expires">When it is no good any more.</param>
internal sealed record Token(string Text, DateTimeOffset Renew, DateTimeOffset Expires)
{
    /// <summary>When it ends: the rest is secret.</summary>
    public override string ToString() => $"token until {Expires:O}";
}
