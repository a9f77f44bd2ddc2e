using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>What a token must have to be let pass.</summary>
internal sealed class TokenRules
{
    private const string TenantPlaceholder = "{tenantid}";
    private bool? _areLiteral;

    /// <summary>Keys that may have signed it.</summary>
    public required TokenKeys SigningKeys { get; init; }

    /// <summary>Keys that it may be encrypted for.</summary>
    public required TokenKeys DecryptionKeys { get; init; }

    /// <summary>URLs of OpenID configuration documents.</summary>
    public IReadOnlyList<PolicySetting<string>> Configurations { get; init; } = [];

    /// <summary>The issuers let pass, beside those of the configuration documents.</summary>
    public IReadOnlyList<PolicySetting<string>> Issuers { get; init; } = [];

    /// <summary>The audiences let pass; any when empty.</summary>
    public IReadOnlyList<PolicySetting<string>> Audiences { get; init; } = [];

    /// <summary>Claims that it must have.</summary>
    public ClaimRule[] Claims { get; init; } = [];

    /// <summary>What else it must have; null for nothing.</summary>
    public Func<PolicyContext, Jwt, TokenFault?>? Further { get; init; }

    /// <summary>True: it must have <c>exp</c>.</summary>
    public PolicySetting<bool> RequiresExpiration { get; init; } = new(true);

    /// <summary>True: it must be signed.</summary>
    public PolicySetting<bool> RequiresSignature { get; init; } = new(true);

    /// <summary>How far clocks may be apart.</summary>
    public PolicySetting<int> ClockSkewSeconds { get; init; }

    /// <summary>True: tokens of a Microsoft Entra tenant, which has issuers of two versions.</summary>
    public bool OfEntra { get; init; }

    /// <summary>True when the configuration documents are the same for all requests.</summary>
    public bool AreConfigurationsFixed { get; init; } = true;

    /// <summary>True when one token gets the same verdict with every request, but for its time.</summary>
    public bool AreLiteral => _areLiteral ??= Issuers.All(IsLiteral) && Audiences.All(IsLiteral) && Array.TrueForAll(Claims, claim => claim.IsLiteral) && Further is null;

    /// <summary>What is wrong with a signed token; null when nothing is.</summary>
    public TokenFault? Judge(PolicyContext context, Jwt token, IReadOnlyList<TokenIssuer> known)
    {
        if ((Issuers.Count > 0 || known.Count > 0) && !IsIssuer(context, token, known))
        {
            return TokenFault.IssuerNotAllowed;
        }

        if (Audiences.Count > 0 && !Audiences.Any(audience => token.Audiences.Contains(audience.For(context), StringComparer.Ordinal)))
        {
            return TokenFault.AudienceNotAllowed;
        }

        foreach (var claim in Claims)
        {
            if (claim.Judge(context, token) is { } fault)
            {
                return fault;
            }
        }

        return Further?.Invoke(context, token);
    }

    private static bool IsLiteral(PolicySetting<string> setting) => setting.IsLiteral;

    private bool IsIssuer(PolicyContext context, Jwt token, IReadOnlyList<TokenIssuer> known)
    {
        if (token.Issuer is not { } issuer)
        {
            return false;
        }

        return known.Any(source => Fits(source.Name, token, issuer)) || Issuers.Any(allowed => allowed.For(context) == issuer);
    }

    private bool Fits(string template, Jwt token, string issuer)
    {
        var tenant = token.Claims.TryGetValue("tid", out var found) && found is [var only] ? only : null;
        if (issuer == (tenant is null ? template : template.Replace(TenantPlaceholder, tenant, StringComparison.Ordinal)))
        {
            return true;
        }

        // A tenant's tokens of version 1 have this issuer, and the keys of its configuration of version 2.
        return OfEntra && tenant is not null && issuer == $"https://sts.windows.net/{tenant}/"
            && (template.Contains(TenantPlaceholder, StringComparison.Ordinal) || template.Contains($"/{tenant}/", StringComparison.OrdinalIgnoreCase));
    }
}
