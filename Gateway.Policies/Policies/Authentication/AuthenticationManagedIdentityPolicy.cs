using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Calls;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Authentication;

/// <summary>
/// Gets a token by which the gateway itself is known elsewhere, and sets it as <c>Authorization: Bearer</c> of the request that is forwarded, or keeps it in a
/// variable; in <c>send-request</c> and <c>send-one-way-request</c> it is set there. Where tokens come from is a setting of the edge (<c>Gateway:Identity</c>).
/// </summary>
public sealed class AuthenticationManagedIdentityPolicy : IPolicy<AuthenticationManagedIdentityPolicy>, ICallPart
{
    private const string Name = "authentication-managed-identity";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>resource</c>: whom the token is for, e.g. <c>https://vault.example</c>; required. May be an expression.</summary>
    public required PolicySetting<string> Resource { get; init; }

    /// <summary><c>client-id</c>: as whom; by default, and when empty, as configured. May be an expression.</summary>
    public PolicySetting<string>? ClientId { get; init; }

    /// <summary><c>output-token-variable-name</c>: a variable for the token; then no header is set.</summary>
    public string? Variable { get; init; }

    /// <summary><c>ignore-error</c>: true goes on without a token when there is none; false, the default, fails the request with 500.</summary>
    public bool IgnoreError { get; init; }

    /// <inheritdoc/>
    public static AuthenticationManagedIdentityPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var resource = read.RequiredSetting("resource");
        var client = read.TextSetting("client-id");
        var variable = read.Optional("output-token-variable-name");
        var ignores = read.Boolean("ignore-error", false);
        read.End();
        return resource is not { } wanted ? null : new()
        {
            Resource = wanted,
            ClientId = client,
            Variable = string.IsNullOrEmpty(variable) ? null : variable,
            IgnoreError = ignores,
        };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context) => SetAsync(context, context.Http.Request.Headers);

    /// <inheritdoc/>
    ValueTask ICallPart.ApplyAsync(PolicyContext context, OutgoingCall call) => SetAsync(context, call.Headers);

    private async ValueTask SetAsync(PolicyContext context, IHeaderDictionary headers)
    {
        var client = ClientId?.For(context);
        string token;
        try
        {
            token = await context.WaitForAsync(context.GetTokenAsync(Resource.For(context), string.IsNullOrEmpty(client) ? null : client));
        }
        catch (TokenException e)
        {
            if (IgnoreError)
            {
                return;
            }

            throw new PolicyException(
                new LastError { Source = Name, Reason = "TokenNotAvailable", Message = e.Message }, StatusCodes.Status500InternalServerError, e.Message, e);
        }

        if (Variable is null)
        {
            headers.Authorization = $"Bearer {token}";
        }
        else
        {
            context.Variables[Variable] = token;
        }
    }
}
