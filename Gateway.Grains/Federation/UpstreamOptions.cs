using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Federation;

/// <summary>The hub of a federated site.</summary>
public sealed record UpstreamOptions
{
    /// <summary>The hub's management address; https.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The gateway token as it is now; asked before each call, so that a renewed one counts.</summary>
    public required Func<Result<PresentToken>> Token { get; init; }

    /// <summary>Makes the bounded connection to the hub: no redirects, no decompression, its proxy and its certificates.</summary>
    public required Func<HttpMessageHandler> Connection { get; init; }

    /// <summary>The name of this silo, for the hub's eyes.</summary>
    public required string Node { get; init; }

    /// <summary>The gateway that this site's edges say they serve, besides the built-in one.</summary>
    public string EdgeGateway { get; init; } = CatalogKeys.ManagedGateway;

    /// <summary>The hub's key (SubjectPublicKeyInfo, DER); null: the first one seen is kept.</summary>
    public byte[]? PublicKey { get; init; }

    /// <summary>The longest time between two looks; also how long the hub may hold a question.</summary>
    public TimeSpan PollPeriod { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the hub is told of the site's nodes.</summary>
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause after a first failure; the next ones are longer, up to <see cref="PollPeriod"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long the hub may take for an answer, beyond the wait that was asked for.</summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the hub may take for one chunk.</summary>
    public TimeSpan ChunkPatience { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>A gateway token with what it says.</summary>
/// <param name="Text">The token. A secret.</param>
/// <param name="Token">What it says.</param>
public sealed record PresentToken(string Text, GatewayToken Token)
{
    /// <inheritdoc />
    public override string ToString() => Token.ToString();
}
