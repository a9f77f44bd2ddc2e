using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Pipelines;

/// <summary>What a failure is called, and what the client gets when on-error makes nothing else.</summary>
internal static class FailureAnswer
{
    private const string Forwarding = "forward-request";

    public static LastError Describe(PolicyContext context, Exception failure, StepPosition at)
    {
        var outer = at.Steps?[at.Index];
        var trail = context.TrailOf(failure);
        var step = trail?.Step ?? outer;
        var error = failure is PolicyException policy ? policy.Error : new LastError
        {
            Source = step?.Name ?? Forwarding,
            Reason = ClientIsGone(context, failure) ? "ClientConnectionFailure" : Reason(failure),
            Message = failure.Message,
        };
        if (step is null || outer is null)
        {
            return failure is PolicyException ? error : error with { Section = PolicySection.Backend.Name() };
        }

        return error with
        {
            Scope = error.Scope ?? step.Scope.Name(),
            Section = error.Section ?? at.Section.Name(),
            Path = error.Path ?? $"{outer.Name}[{at.Index + 1}]{(trail is null ? "" : $"/{trail.Path}")}",
            PolicyId = error.PolicyId ?? step.PolicyId,
        };
    }

    public static bool ClientIsGone(PolicyContext context, Exception failure) => failure switch
    {
        BackendFailedException backend => backend.Failure == BackendFailure.ClientAborted,
        PolicyException => false,
        _ => context.Http.RequestAborted.IsCancellationRequested,
    };

    public static ErrorEnvelope Choose(PolicyContext context, Exception failure) => failure switch
    {
        PolicyException policy when policy.IsOfAuthor || policy.StatusCode != StatusCodes.Status500InternalServerError => policy.Answer,
        BackendFailedException { Failure: BackendFailure.Loop } => ErrorEnvelope.LoopDetected,
        BadHttpRequestException request => new(request.StatusCode, request.Message),
        _ => ErrorEnvelope.Internal(context.RequestId),
    };

    private static string Reason(Exception failure) => failure switch
    {
        BackendFailedException { Failure: BackendFailure.Timeout } => "Timeout",
        BackendFailedException { Failure: BackendFailure.Loop } => "LoopDetected",
        BackendFailedException { Failure: BackendFailure.NoDestination } => "NoDestination",
        BackendFailedException { Failure: BackendFailure.TooLong } => "ResponseTooLong",
        BackendFailedException => "BackendConnectionFailure",
        BadHttpRequestException => "BadRequest",
        _ => "InternalError",
    };
}
