using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Federation;

/// <summary>Answers <c>GET …/gateways/{id}/events</c>: what the site of a gateway told of late.</summary>
internal sealed class SiteEventsHandler(Catalog catalog, IGrainFactory grains)
{
    private const int MaximumText = 1000;

    /// <summary>Reads what a site tells; longer texts are cut.</summary>
    public static Result<SiteEvent[]> Read(JsonObject json)
    {
        try
        {
            var told = json.Deserialize(FederationJson.Default.SiteEvents)?.Events;
            return told is null || told.Length > SiteEvents.Maximum || told.Any(happened => happened?.Text is null || !Enum.IsDefined(happened.Kind))
                ? Wrong($"it has no events, more than {SiteEvents.Maximum}, or one without a text or a known kind")
                : Array.ConvertAll(told, happened => happened with { Text = happened.Text.Length <= MaximumText ? happened.Text : happened.Text[..MaximumText] });
        }
        catch (JsonException failure)
        {
            return Wrong($"it cannot be read at {failure.Path}");
        }
    }

    /// <summary>The last events, newest first.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, string gateway)
    {
        var id = $"/gateways/{gateway}";
        if (PathRules.Refuse(id) is { } error)
        {
            return ErrorEnvelope.From(error);
        }

        var found = await catalog.Reader.Get(id, call.Aborted);
        return found.IsSuccess ? Show(await grains.GetGrain<ISiteEventsGrain>(gateway).Latest(call.Aborted)) : ErrorEnvelope.From(found.Errors);
    }

    private static Answer Show(SiteEventEntry[] events) => Answer.Json(200, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value");
        foreach (var happened in events)
        {
            writer.WriteStartObject();
            writer.WriteString("time", happened.Time);
            writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(happened.Kind.ToString()));
            writer.WriteString("text", happened.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("count", events.Length);
        writer.WriteEndObject();
    });

    private static GatewayError Wrong(string reason) => new(ErrorKind.ValidationError, $"The body tells no events: {reason}.") { Target = "body" };
}
