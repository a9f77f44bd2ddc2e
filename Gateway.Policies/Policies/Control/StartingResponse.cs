using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Budgets;
using Gateway.Policies.Policies.Transformation;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Control;

/// <summary>The response in a variable that another begins with.</summary>
internal sealed class StartingResponse(ResolvedStatus status, KeyValuePair<string, string[]>[] headers, ReadOnlyMemory<byte> body)
{
    public ResolvedStatus Status => status;

    public ReadOnlyMemory<byte> Body => body;

    /// <summary>Copies it, so that it stays when what the variable stands for goes.</summary>
    /// <exception cref="PolicyException">The variable holds no response, or one whose body was taken away or is too long for the request's budget.</exception>
    public static StartingResponse Read(PolicyContext context, string variable, string policy)
    {
        if (!context.Variables.TryGetValue(variable, out var value) || value is not IResponse response)
        {
            throw ExpressionFailures.Validation(policy, "The variable that 'response-variable-name' names holds no response.");
        }

        return new(
            new(response.StatusCode, HeaderText.IsPrintable(response.StatusReason ?? "") ? response.StatusReason : null),
            [.. response.Headers.Where(header => !HeaderText.IsOfConnection(header.Key))],
            ExpressionCall.Run(_ => response.Body.As<byte[]>(preserveContent: true), context.Expressions, context.Expressions.Budget, policy));
    }

    public void ApplyHeaders(IHeaderDictionary target)
    {
        foreach (var (name, values) in headers)
        {
            target[name] = Array.ConvertAll(values, HeaderCoding.Encode);
        }
    }
}
