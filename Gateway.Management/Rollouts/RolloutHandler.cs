using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Rollouts;

/// <summary>Answers <c>…/gateways/{id}/rollout</c>: how new publications are tried by a share of the edges.</summary>
internal sealed class RolloutHandler(Catalog catalog, GatewayFinder gateways)
{
    /// <summary>GET shows the rule and what is tried, PUT sets the rule, DELETE takes it away.</summary>
    public async Task<Answer> AnswerAsync(ManagementCall call, string gateway)
    {
        if (await gateways.RefuseAsync(gateway, call.Aborted) is { } refused)
        {
            return refused;
        }

        var grain = catalog.Publications(gateway);
        if (HttpMethods.IsGet(call.Method))
        {
            return Show(await grain.Rollout(call.Aborted), gateway);
        }

        if (HttpMethods.IsDelete(call.Method))
        {
            var off = await grain.SetRollout(null, call.Aborted);
            return off.IsSuccess ? new Answer(204) : ErrorEnvelope.From(off.Errors);
        }

        var body = await BodyReader.ReadAsync(call.Http, BodyReader.ResourceBytes);
        var rule = body.IsSuccess ? RolloutJson.ReadRule(body.Value.Json) : body.Errors;
        return rule.IsSuccess ? Show(await grain.SetRollout(rule.Value, call.Aborted), gateway) : ErrorEnvelope.From(rule.Errors);
    }

    /// <summary><c>POST …/gateways/{id}/rollout/promote</c>: all edges get what is tried, now.</summary>
    public async Task<Answer> PromoteAsync(ManagementCall call, string gateway) =>
        await gateways.RefuseAsync(gateway, call.Aborted) ?? Show(await catalog.Publications(gateway).Promote(call.Aborted), gateway);

    private static Answer Show(Result<RolloutStanding> standing, string gateway) => standing switch
    {
        { IsSuccess: false } => ErrorEnvelope.From(standing.Errors),
        { Value: { Rule: { } rule } known } => Answer.Json(200, writer => RolloutJson.Write(writer, known, rule)),
        _ => ErrorEnvelope.From(new GatewayError(ErrorKind.ResourceNotFound, $"Gateway '{gateway}' has no rollout: every publication goes to all its edges at once.")),
    };
}
