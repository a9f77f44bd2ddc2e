using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>What becomes of a request by the verdict on its token: <c>failed-validation-*</c> and <c>output-token-variable-name</c>.</summary>
internal sealed class TokenAnswer
{
    private PolicySetting<int> _status;
    private PolicySetting<string>? _message;
    private string? _variable;

    /// <summary>Reads the attributes.</summary>
    public static TokenAnswer Read(ElementReader read) => new()
    {
        _status = read.IntegerSetting("failed-validation-httpcode", 200, 599) ?? new(StatusCodes.Status401Unauthorized),
        _message = read.TextSetting("failed-validation-error-message"),
        _variable = read.Optional("output-token-variable-name"),
    };

    /// <summary>Lets the request pass.</summary>
    public void Accept(PolicyContext context, Jwt token)
    {
        if (!string.IsNullOrEmpty(_variable))
        {
            context.Variables[_variable] = token;
        }
    }

    /// <summary>Refuses the request.</summary>
    public PolicyException Refuse(PolicyContext context, string policy, TokenFault fault) =>
        AccessRefusals.Make(policy, fault.Reason, fault.Message, _status.For(context), _message?.For(context) is { Length: > 0 } message ? message : fault.Message);
}
