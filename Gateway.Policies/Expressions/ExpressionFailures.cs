using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Expressions;

/// <summary>How requests fail whose expressions do: with status 500 and the general message.</summary>
internal static class ExpressionFailures
{
    private const string ClientMessage = "Internal server error";

    /// <summary>An expression failed, or what it needs.</summary>
    public static PolicyException Evaluation(string policy, string message, Exception? inner = null) =>
        Make(policy, "ExpressionValueEvaluationFailure", $"Expression evaluation failed. {message}", inner);

    /// <summary>An expression gave a value that the policy cannot use.</summary>
    public static PolicyException Validation(string policy, string message) =>
        Make(policy, "ExpressionValueValidationFailure", $"Expression value is invalid. {message}", null);

    private static PolicyException Make(string policy, string reason, string message, Exception? inner) => new(
        new LastError { Source = policy, Reason = reason, Message = message },
        StatusCodes.Status500InternalServerError,
        ClientMessage,
        inner);
}
