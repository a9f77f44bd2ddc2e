using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Access;

/// <summary>How policies that judge the caller refuse a request.</summary>
internal static class AccessRefusals
{
    /// <summary>Refuses with a status and a message of the author's.</summary>
    public static PolicyException Make(string policy, string reason, string message, int status, string clientMessage) =>
        new(new LastError { Source = policy, Reason = reason, Message = message }, status, clientMessage) { IsOfAuthor = true };

    /// <summary>Refuses with 403 and no reason for the client.</summary>
    public static PolicyException Forbidden(string policy, string reason, string message) =>
        Make(policy, reason, message, StatusCodes.Status403Forbidden, "Forbidden");
}
