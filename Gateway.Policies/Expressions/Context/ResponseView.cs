using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Api;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Policies.Expressions.Context;

/// <summary>The response as expressions see it.</summary>
internal sealed class ResponseView(PolicyContext policies) : IResponse
{
    private readonly BodyView _bodies = new(policies, ofResponse: true);

    public IMessageBody Body => _bodies.Current!;

    public IReadOnlyDictionary<string, string[]> Headers => field ??= new HeaderView(policies.Http, ofResponse: true);

    public int StatusCode => policies.Http.Response.StatusCode;

    public string StatusReason =>
        policies.Http.Features.Get<IHttpResponseFeature>()?.ReasonPhrase is { Length: > 0 } phrase
            ? phrase
            : ReasonPhrases.GetReasonPhrase(StatusCode);
}
