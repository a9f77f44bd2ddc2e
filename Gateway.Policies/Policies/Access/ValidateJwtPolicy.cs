using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Access.Tokens;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Lets only requests pass that bring a JSON web token which is signed by a key that is trusted, in force, and says what is required. Keys stand in
/// the policy or come from an OpenID configuration document, which is fetched once and then again each hour behind the requests. A token that was
/// found good is not verified again until it expires or the keys change; its times, and claims that expressions speak of, are judged each time.
/// </summary>
public sealed class ValidateJwtPolicy : IPolicy<ValidateJwtPolicy>
{
    private readonly TokenGuard _guard;

    private ValidateJwtPolicy(TokenGuard guard) => _guard = guard;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "validate-jwt", Sections = PolicySection.Inbound };

    /// <inheritdoc/>
    public static ValidateJwtPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var place = TokenPlace.Read(element, read, parsing, defaultHeader: null);
        place.ReadScheme(read);
        var answer = TokenAnswer.Read(read);
        PolicySetting<string>[] configurations = [.. read.Children("openid-config").SelectMany(child => OpenIdUrl.Read(child, parsing))];
        var rules = new TokenRules
        {
            Configurations = configurations,
            AreConfigurationsFixed = Array.TrueForAll(configurations, url => url.IsLiteral),
            SigningKeys = TokenKeys.Read(read, "issuer-signing-keys", parsing),
            DecryptionKeys = TokenKeys.Read(read, "decryption-keys", parsing),
            Audiences = read.Listed("audiences", "audience"),
            Issuers = read.Listed("issuers", "issuer"),
            Claims = ClaimRule.ReadAll(read, parsing),
            RequiresExpiration = read.BooleanSetting("require-expiration-time") ?? new(true),
            RequiresSignature = read.BooleanSetting("require-signed-tokens") ?? new(true),
            ClockSkewSeconds = read.IntegerSetting("clock-skew", 0, int.MaxValue) ?? new(0),
        };
        if (rules is { SigningKeys.IsEmpty: true, Configurations.Count: 0 })
        {
            parsing.Diagnostics.Warning(element, "Without 'openid-config' and 'issuer-signing-keys' there is no key by which a signed token could pass.");
        }

        read.End();
        return new(new(Descriptor.Name, place, rules, answer));
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context) => _guard.ExecuteAsync(context);
}
