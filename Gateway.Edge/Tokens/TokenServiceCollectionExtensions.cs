using Gateway.Edge.Requests;
using Gateway.Edge.Tokens;
using Gateway.Policies.Execution;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts into a host what policies judge tokens by.</summary>
internal static class TokenServiceCollectionExtensions
{
    /// <summary>Adds the issuers and the tokens that were found good.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<OpenIdClient>();
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<EdgeOptions>();
            return new OpenIdIssuers(
                provider.GetRequiredService<OpenIdClient>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OpenIdIssuers>>())
            {
                Validated = new ValidatedTokens(options.ValidatedTokenLimit),
                EntraAuthority = options.EntraAuthority.TrimEnd('/'),
            };
        });
        services.AddSingleton<TokenTrust>(provider => provider.GetRequiredService<OpenIdIssuers>());
        services.AddHostedService<OpenIdRenewal>();
        return services;
    }
}
