using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Context;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>Finds out whether a token is good. The signature of one that was found good before is not checked again.</summary>
/// <param name="policy">The policy's name, for errors.</param>
/// <param name="rules">What the token must have.</param>
internal sealed class TokenCheck(string policy, TokenRules rules)
{
    /// <summary>Longer tokens are refused, in characters.</summary>
    public const int LongestToken = JwtReader.LongestToken;

    private static readonly string[] s_algorithms =
    [
        SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512,
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        // Of the content of encrypted tokens: the library looks for them here, too.
        SecurityAlgorithms.Aes128CbcHmacSha256, SecurityAlgorithms.Aes192CbcHmacSha384, SecurityAlgorithms.Aes256CbcHmacSha512,
    ];

    private static readonly JsonWebTokenHandler s_handler = new() { MapInboundClaims = false };

    /// <summary>The content of a token that was found good before; null when it has to be checked.</summary>
    public Jwt? Recall(PolicyContext context, ReadOnlySpan<char> token) =>
        context.Tokens.Validated.Find(this, token) is { } known && known.IsGoodAt(context.Timestamp) && rules.SigningKeys.AreSame(context, known.Certificates)
            && (rules.AreLiteral || rules.Judge(context, known.Content, known.Issuers) is null)
            ? known.Content
            : null;

    /// <summary>Checks a token of at most <see cref="LongestToken"/> characters.</summary>
    /// <exception cref="PolicyException">The keys of its issuer cannot be had.</exception>
    public async ValueTask<(Jwt? Content, TokenFault? Fault)> ValidateAsync(PolicyContext context, string token)
    {
        var certificates = rules.SigningKeys.CertificatesFor(context);
        var issuers = await FindIssuersAsync(context);
        var result = await VerifyAsync(context, token, issuers);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && await RenewAsync(context, issuers))
        {
            result = await VerifyAsync(context, token, issuers);
        }

        if (!result.IsValid || result.SecurityToken is not JsonWebToken read)
        {
            return (null, FaultOf(result.Exception));
        }

        var isEncrypted = read.InnerToken is not null;
        if (JwtReader.Read(isEncrypted ? read.InnerToken!.EncodedToken : token) is not { } content)
        {
            return (null, TokenFault.Malformed);
        }

        var signers = SignersOf(read.InnerToken ?? read, issuers);
        var fault = JudgeTime(context, content, out var from, out var until) ?? rules.Judge(context, content, signers);
        if (fault is null && CanBeKept(read))
        {
            context.Tokens.Validated.Keep(new(this, token, content, signers, certificates, from, until));
        }

        return fault is null ? (content, null) : (null, fault);
    }

    // An issuer vouches for its own tokens only. Those that share a key, as the tenants of a cloud do, all have it; a key of the policy's is trusted with the tokens of all.
    private static TokenIssuer[] SignersOf(JsonWebToken token, TokenIssuer[] issuers) =>
        token.SigningKey is { } key && Array.FindAll(issuers, issuer => issuer.Has(key)) is { Length: > 0 } signers ? signers : issuers;

    private static TokenFault FaultOf(Exception? failure) => failure switch
    {
        SecurityTokenSignatureKeyNotFoundException => TokenFault.KeyNotFound,
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => TokenFault.SignatureInvalid,
        SecurityTokenDecryptionFailedException or SecurityTokenEncryptionKeyNotFoundException => TokenFault.NotDecrypted,
        _ => TokenFault.Malformed,
    };

    /// <summary>Of keys and bounds that may be others for the next request nothing is kept, nor of a token that anybody can make.</summary>
    private bool CanBeKept(JsonWebToken token) =>
        rules.SigningKeys.IsLiteral && rules.DecryptionKeys.IsLiteral && token.EncodedSignature.Length + (token.InnerToken?.EncodedSignature.Length ?? 0) > 0
        && rules.RequiresExpiration.IsLiteral && rules.RequiresSignature.IsLiteral && rules.ClockSkewSeconds.IsLiteral
        && rules.AreConfigurationsFixed;

    private async ValueTask<TokenIssuer[]> FindIssuersAsync(PolicyContext context)
    {
        if (rules.Configurations.Count == 0)
        {
            return [];
        }

        var issuers = new List<TokenIssuer>(rules.Configurations.Count);
        foreach (var url in rules.Configurations)
        {
            if (await context.Tokens.FindAsync(url.For(context)) is { } issuer)
            {
                issuers.Add(issuer);
            }
        }

        // Not the client's fault, and over when the issuer is back: so neither 401 nor 500.
        return issuers.Count > 0 || !rules.SigningKeys.IsEmpty ? [.. issuers] : throw AccessRefusals.Make(
            policy, "OpenIdConfigurationNotAvailable", "The OpenID configuration, or the keys that it names, cannot be fetched.",
            StatusCodes.Status503ServiceUnavailable, "Service unavailable");
    }

    private async ValueTask<bool> RenewAsync(PolicyContext context, TokenIssuer[] issuers)
    {
        var isNew = false;
        for (var i = 0; i < issuers.Length && issuers.Length == rules.Configurations.Count; i++)
        {
            if (await context.Tokens.RefreshAsync(rules.Configurations[i].For(context), issuers[i]) is { } renewed && renewed != issuers[i])
            {
                issuers[i] = renewed;
                isNew = true;
            }
        }

        return isNew;
    }

    private Task<TokenValidationResult> VerifyAsync(PolicyContext context, string token, TokenIssuer[] issuers)
    {
        var keys = rules.SigningKeys.For(context);
        return s_handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKeys = issuers.Length == 0 ? keys : [.. keys, .. issuers.SelectMany(issuer => issuer.Keys)],
            TokenDecryptionKeys = rules.DecryptionKeys.For(context),
            RequireSignedTokens = rules.RequiresSignature.For(context),
            ValidAlgorithms = s_algorithms,
            // Judged below, by the gateway's clock and with its own words.
            ValidateLifetime = false,
            RequireExpirationTime = false,
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateTokenReplay = false,
        });
    }

    private TokenFault? JudgeTime(PolicyContext context, Jwt token, out DateTimeOffset from, out DateTimeOffset until)
    {
        var (now, skew) = (context.Timestamp, TimeSpan.FromSeconds(rules.ClockSkewSeconds.For(context)));
        from = token.NotBefore is { } start ? Shift(start, -skew) : DateTimeOffset.MinValue;
        until = token.ExpirationTime is { } end ? Shift(end, skew) : DateTimeOffset.MaxValue;
        return token.ExpirationTime is null && rules.RequiresExpiration.For(context) ? TokenFault.NoExpiration
            : now < from ? TokenFault.NotYetValid
            : now >= until ? TokenFault.Expired
            : null;
    }

    private static DateTimeOffset Shift(DateTime time, TimeSpan by)
    {
        var ticks = time.Ticks + by.Ticks;
        return ticks <= 0 ? DateTimeOffset.MinValue : ticks >= DateTime.MaxValue.Ticks ? DateTimeOffset.MaxValue : new(ticks, TimeSpan.Zero);
    }
}
