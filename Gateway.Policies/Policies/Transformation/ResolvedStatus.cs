using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>The status of one response.</summary>
internal readonly record struct ResolvedStatus(int Code, string? Reason)
{
    public void Apply(PolicyContext context)
    {
        context.Http.Response.StatusCode = Code;
        if (context.Http.Features.Get<IHttpResponseFeature>() is { } response)
        {
            response.ReasonPhrase = string.IsNullOrEmpty(Reason) ? null : Reason;
        }
    }
}
