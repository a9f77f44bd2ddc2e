using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Policies.Access.Tokens;
using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Access;

/// <summary>
/// Lets only requests pass that bring a token of a Microsoft Entra tenant, of version 1 or 2. The tenant's keys come from its OpenID configuration
/// document below <c>Gateway:Edge:EntraAuthority</c>; all else is as with <c>validate-jwt</c>.
/// </summary>
public sealed class ValidateAzureAdTokenPolicy : IPolicy<ValidateAzureAdTokenPolicy>
{
    private readonly TokenGuard _guard;

    private ValidateAzureAdTokenPolicy(TokenGuard guard) => _guard = guard;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "validate-azure-ad-token", Sections = PolicySection.Inbound };

    /// <inheritdoc/>
    public static ValidateAzureAdTokenPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var tenant = read.RequiredSetting("tenant-id");
        var place = TokenPlace.Read(element, read, parsing, HeaderNames.Authorization);
        var answer = TokenAnswer.Read(read);
        var clients = read.Listed("client-application-ids", "application-id");
        var backends = read.Listed("backend-application-ids", "application-id");
        var rules = new TokenRules
        {
            OfEntra = true,
            Configurations = tenant is { } id ? [new(context => $"{context.Tokens.EntraAuthority}/{Uri.EscapeDataString(id.For(context))}/v2.0/.well-known/openid-configuration")] : [],
            AreConfigurationsFixed = tenant is { IsLiteral: true },
            SigningKeys = TokenKeys.None,
            DecryptionKeys = TokenKeys.Read(read, "decryption-keys", parsing),
            Audiences = [.. read.Listed("audiences", "audience"), .. backends],
            Claims = ClaimRule.ReadAll(read, parsing),
            Further = clients.Count == 0 ? null : (context, token) => JudgeClient(context, token, clients),
        };
        read.End();
        return new(new(Descriptor.Name, place, rules, answer));
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context) => _guard.ExecuteAsync(context);

    /// <summary>Tokens name the application that asked for them by <c>azp</c>, those of version 1 by <c>appid</c>.</summary>
    private static TokenFault? JudgeClient(PolicyContext context, Jwt token, IReadOnlyList<PolicySetting<string>> clients)
    {
        var name = token.Claims.ContainsKey("azp") ? "azp" : "appid";
        if (!token.Claims.TryGetValue(name, out var values))
        {
            return TokenFault.ClaimNotFound(name);
        }

        return clients.Any(client => values.Contains(client.For(context), StringComparer.OrdinalIgnoreCase)) ? null : TokenFault.ClaimValueNotAllowed(name);
    }
}
