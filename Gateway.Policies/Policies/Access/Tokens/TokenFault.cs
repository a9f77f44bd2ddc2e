namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>What is wrong with a token.</summary>
/// <param name="Reason">One word, that of the reference product.</param>
/// <param name="Message">A sentence; holds nothing of the token.</param>
internal sealed record TokenFault(string Reason, string Message)
{
    public static TokenFault NotPresent { get; } = new("TokenNotPresent", "JWT not present.");

    public static TokenFault Malformed { get; } = Of("JwtInvalid", "The token is no well-formed JWT.");

    public static TokenFault TooLong { get; } = Of("JwtInvalid", $"The token is longer than {TokenCheck.LongestToken} characters.");

    public static TokenFault NotDecrypted { get; } = Of("JwtInvalid", "The token cannot be decrypted.");

    public static TokenFault KeyNotFound { get; } = Of("TokenSignatureKeyNotFound", "There is no key for the token's signature.");

    public static TokenFault SignatureInvalid { get; } = Of("TokenSignatureInvalid", "The token's signature is missing or wrong.");

    public static TokenFault Expired { get; } = Of("TokenExpired", "The token has expired.");

    public static TokenFault NotYetValid { get; } = Of("JwtInvalid", "The token is not valid yet.");

    public static TokenFault NoExpiration { get; } = Of("JwtInvalid", "The token has no expiration time.");

    public static TokenFault AudienceNotAllowed { get; } = Of("TokenAudienceNotAllowed", "The token's audience is not allowed.");

    public static TokenFault IssuerNotAllowed { get; } = Of("TokenIssuerNotAllowed", "The token's issuer is not allowed.");

    public static TokenFault ClaimNotFound(string name) => Of("TokenClaimNotFound", $"The token has no claim '{name}'.");

    public static TokenFault ClaimValueNotAllowed(string name) => Of("TokenClaimValueNotAllowed", $"The value of the token's claim '{name}' is not allowed.");

    private static TokenFault Of(string reason, string message) => new(reason, $"{message} Access denied.");
}
