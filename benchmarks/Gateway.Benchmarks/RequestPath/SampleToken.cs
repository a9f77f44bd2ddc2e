using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Benchmarks.RequestPath;

/// <summary>A token of about a kilobyte, signed with RS256, and the policy that finds it good.</summary>
/// <param name="Policy">A <c>validate-jwt</c> that leaves what it read in the variable <c>jwt</c>.</param>
/// <param name="Token">Good for an hour.</param>
internal sealed record SampleToken(string Policy, string Token)
{
    public static SampleToken Make()
    {
        var rsa = RSA.Create(2048);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        var policy = $"""
            <validate-jwt header-name="Authorization" output-token-variable-name="jwt">
                <issuer-signing-keys><key n="{Base64UrlEncoder.Encode(parameters.Modulus!)}" e="{Base64UrlEncoder.Encode(parameters.Exponent!)}" /></issuer-signing-keys>
                <audiences><audience>api</audience></audiences><issuers><issuer>https://issuer.example</issuer></issuers>
                <required-claims><claim name="roles" match="any"><value>writer</value></claim></required-claims>
            </validate-jwt>
            """;
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "https://issuer.example",
            Audience = "api",
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
            Claims = new Dictionary<string, object> { ["roles"] = new[] { "reader", "writer" }, ["sub"] = "somebody", ["text"] = new string('x', 300) },
            SigningCredentials = new(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256),
        });
        return new(policy, token);
    }
}
