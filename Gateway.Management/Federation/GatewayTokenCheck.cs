using System.Text.Json.Nodes;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Resources;
using Microsoft.Extensions.Primitives;

namespace Gateway.Management.Federation;

/// <summary>Whether a caller is the site that it says. The keys are read with each request, so that a new one counts at once.</summary>
internal sealed class GatewayTokenCheck(Catalog catalog, TimeProvider time)
{
    private const string Refused = "GatewayTokenRefused";
    private static readonly TimeSpan _skew = TimeSpan.FromMinutes(5);

    /// <summary>The answer to a caller that may not pass; null when it may.</summary>
    /// <param name="authorization">The Authorization header.</param>
    /// <param name="gateway">The gateway that the path names.</param>
    /// <param name="aborted">Ends when the caller hung up.</param>
    public async Task<Answer?> RefuseAsync(StringValues authorization, string gateway, CancellationToken aborted)
    {
        if (authorization.Count != 1 || authorization[0] is not { } value || !value.StartsWith(GatewayToken.Scheme + " ", StringComparison.OrdinalIgnoreCase))
        {
            return Unauthorized(Refused, $"The header 'Authorization: {GatewayToken.Scheme} <gateway token>' is missing; nothing else opens the federation.");
        }

        var parsed = GatewayToken.Parse(value);
        if (!parsed.IsSuccess)
        {
            return Unauthorized(Refused, parsed.Errors[0].Message);
        }

        var token = parsed.Value;
        if (!string.Equals(token.Gateway, gateway, StringComparison.Ordinal))
        {
            return Unauthorized(Refused, "The gateway token is for another gateway than the path names.");
        }

        // Whether there is such a gateway is nobody's business but its site's.
        var keys = await catalog.Reader.GetSecrets($"/gateways/{gateway}", aborted);
        if (!keys.IsSuccess && keys.Errors.Any(error => error.Code != ErrorKind.ResourceNotFound))
        {
            return ErrorEnvelope.From(keys.Errors);
        }

        return !keys.IsSuccess || !IsSigned(token, keys.Value)
            ? Unauthorized(Refused, "The gateway token was not made with a present key of its gateway: the gateway or the key is gone, or another hub made it.")
            : Objection(token);
    }

    private Answer? Objection(GatewayToken token)
    {
        var now = time.GetUtcNow();
        return token.Expiry <= now ? Unauthorized("GatewayTokenExpired", $"The gateway token ended at {token.Expiry:u}; generateToken of the hub makes another.")
            : token.Expiry > now + GatewayToken.MaximumLife + _skew ? Unauthorized(Refused, $"The gateway token ends at {token.Expiry:u}, which is more than {GatewayToken.MaximumLife.Days} days from now.")
            : null;
    }

    private static bool IsSigned(GatewayToken token, byte[] secrets)
    {
        var keys = JsonNode.Parse(secrets)!.AsObject();
        return ((string[])["primaryKey", "secondaryKey"]).Any(name => (string?)keys[name] is { } key && token.IsSignedBy(key));
    }

    private static Answer Unauthorized(string code, string message) => Answer.Error(401, code, message).With("WWW-Authenticate", GatewayToken.Scheme);
}
