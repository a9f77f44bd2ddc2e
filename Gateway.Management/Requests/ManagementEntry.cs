using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Publications;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Management.Requests;

/// <summary>The way in: who calls, and is the address sound.</summary>
internal sealed class ManagementEntry(
    ManagementOptions options,
    AdminToken token,
    ManagementDispatcher dispatcher,
    Convergence convergence,
    RequestGuard guard)
{
    /// <summary>Answers a request.</summary>
    public Task HandleAsync(HttpContext http) => guard.HandleAsync(http, AnswerAsync);

    private async Task<Answer> AnswerAsync(HttpContext http)
    {
        if (!token.Allows(http.Request.Headers.Authorization))
        {
            return Answer.Error(401, "Unauthorized", "The header 'Authorization: Bearer <admin token>' is missing or wrong.")
                .With("WWW-Authenticate", "Bearer");
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (RawTarget.Refuse(target) is { } sentence)
        {
            return ErrorEnvelope.From(new GatewayError(ErrorKind.ValidationError, sentence) { Target = "path" });
        }

        var address = ManagementAddress.Parse(http.Request.Path.Value ?? "", options.ServiceName);
        if (!address.IsSuccess)
        {
            return ErrorEnvelope.From(address.Errors);
        }

        var call = new ManagementCall(http, address.Value);
        return ApiVersion.Refuse(http.Request.Query["api-version"])
            ?? await convergence.AwaitAsync(call, await dispatcher.DispatchAsync(call));
    }
}
