using Gateway.Edge.Callers;
using Gateway.Edge.Models;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Requests;

/// <summary>How requests are refused before their pipeline begins. Texts are those of the reference product, to the byte.</summary>
internal static class Refusals
{
    private static readonly PolicyException KeyMissing = Make(
        StatusCodes.Status401Unauthorized, "authorization", "SubscriptionKeyNotFound",
        "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.");

    private static readonly PolicyException KeyInvalid = Make(
        StatusCodes.Status401Unauthorized, "authorization", "SubscriptionKeyInvalid",
        "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.");

    /// <summary>No API or operation matches.</summary>
    public static PolicyException NotFound { get; } = new(
        new LastError
        {
            Source = "configuration",
            Reason = "OperationNotFound",
            Message = "Unable to match incoming request to an operation.",
        },
        StatusCodes.Status404NotFound,
        "Resource not found");

    /// <summary>The key is missing or not good: says in the response what kind of key is asked for.</summary>
    public static PolicyException Challenge(HttpResponse response, ApiModel api, HostString host, CallerVerdict verdict)
    {
        response.Headers.WWWAuthenticate =
            $"AzureApiManagementKey realm=\"https://{host.Value}/{api.Info.Path}\",name=\"{api.KeyHeader}\",type=\"header\"";
        return verdict == CallerVerdict.KeyMissing ? KeyMissing : KeyInvalid;
    }

    private static PolicyException Make(int status, string source, string reason, string message) =>
        new(new LastError { Source = source, Reason = reason, Message = message }, status, message);
}
