using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>How requests fail whose bodies a policy cannot use: with status 500 and the general message.</summary>
internal static class BodyFailures
{
    /// <summary>A body cannot be read at all.</summary>
    public static PolicyException Unreadable(string policy, string message, Exception? inner = null) => Make(policy, "BodyNotReadable", message, inner);

    /// <summary>A body is not what the policy works on.</summary>
    public static PolicyException Malformed(string policy, string message, Exception? inner = null) => Make(policy, "BodyMalformed", message, inner);

    private static PolicyException Make(string policy, string reason, string message, Exception? inner) => new(
        new LastError { Source = policy, Reason = reason, Message = message },
        StatusCodes.Status500InternalServerError,
        "Internal server error",
        inner);
}
