using Gateway.Contracts.Catalog;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Federation;

/// <summary>Answers <c>…/upstream</c>: how a federated site stands to its hub.</summary>
internal sealed class UpstreamHandler(ManagementOptions options, IGrainFactory grains)
{
    private IUpstreamGrain Upstream => grains.GetGrain<IUpstreamGrain>(CatalogKeys.Service);

    /// <summary>Shows it; DELETE lets the next publication be of another hub.</summary>
    public async Task<Answer> AnswerAsync(ManagementCall call)
    {
        if (options.Hub is null)
        {
            return ErrorEnvelope.From(new GatewayError(ErrorKind.ResourceNotFound, "This site is its own hub: Gateway:Upstream:Endpoint is not set."));
        }

        if (HttpMethods.IsDelete(call.Method))
        {
            await Upstream.Reset();
            return new Answer(204);
        }

        return Show(await Upstream.Status());
    }

    private static Answer Show(UpstreamStatus status) => Answer.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("properties");
        writer.WriteString("endpoint", status.Endpoint);
        writer.WriteBoolean("connected", status.IsConnected);
        if (status.LastContact is { } contact)
        {
            writer.WriteString("lastContact", contact);
        }

        if (status.Publication is { } publication)
        {
            writer.WriteStartObject("publication");
            writer.WriteString("lineage", publication.Lineage);
            writer.WriteNumber("number", publication.Number);
            writer.WriteEndObject();
        }

        writer.WriteString("fault", status.Fault);
        writer.WriteString("gateway", status.Gateway);
        if (status.TokenExpiry is { } expiry)
        {
            writer.WriteString("tokenExpiry", expiry);
        }

        writer.WriteString("trustedKey", status.TrustedKey);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
