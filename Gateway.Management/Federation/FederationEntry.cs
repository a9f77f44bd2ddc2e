using System.Globalization;
using System.Net.Mime;
using System.Text.Json;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Federation;

/// <summary>Serves sites: each asks with its gateway token, over https only, because chunks hold secrets of the configuration.</summary>
internal sealed class FederationEntry(GatewayTokenCheck tokens, IGrainFactory grains, RequestGuard guard, TimeProvider time)
{
    private const int NameLength = 43;
    private const int MaximumNode = 256;
    private const int LongestWait = 30;

    private static readonly TimeSpan _step = TimeSpan.FromSeconds(4);

    /// <summary>Answers <c>GET …/manifest?wait=SECONDS&amp;node=NAME</c>: the signed manifest, or 304 when there is no other than <c>If-None-Match</c> names.</summary>
    public Task ManifestAsync(HttpContext http) => HandleAsync(http, async gateway =>
    {
        var errors = new ErrorList();
        var wait = Wait(http, errors);
        var node = http.Request.Query["node"].ToString() is { Length: > 0 } named ? named : gateway;
        if (node.Length > MaximumNode)
        {
            errors.Add("node", $"The query parameter 'node' must have at most {MaximumNode} characters.");
        }

        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        var running = http.Request.Headers.IfNoneMatch.Select(tag => FederationNames.PublicationOf(tag ?? "")).FirstOrDefault(publication => publication is not null);
        var signed = await NextAsync(gateway, node, running, wait, http.RequestAborted);

        // The key may have been replaced during the wait.
        if (wait > TimeSpan.Zero && await tokens.RefuseAsync(http.Request.Headers.Authorization, gateway, http.RequestAborted) is { } refused)
        {
            return refused;
        }

        if (signed is not null)
        {
            var manifest = JsonSerializer.Deserialize(signed.Payload, PublicationJson.Default.Manifest)!;
            return new Answer(200) { Body = SignedManifestFormat.Write(signed), ContentType = MediaTypeNames.Application.Octet }.WithETag(FederationNames.TagOf(manifest.Id));
        }

        return running is { } same
            ? new Answer(304).WithETag(FederationNames.TagOf(same))
            : ErrorEnvelope.From(new GatewayError(ErrorKind.ServiceUnavailable, "There is no publication for this gateway yet."));
    });

    /// <summary>Answers <c>GET …/chunks/NAME</c>: the plain content, compressed with brotli.</summary>
    public Task ChunkAsync(HttpContext http) => HandleAsync(http, async gateway =>
    {
        var name = (string?)http.Request.RouteValues["name"] ?? "";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase))
        {
            return Answer.Error(406, "EncodingNotAccepted", "Chunks are sent compressed: the header Accept-Encoding must allow br.");
        }

        var packed = name.Length == NameLength ? await Grain(gateway).GetChunk(name, http.RequestAborted) : null;
        return packed is null
            ? ErrorEnvelope.From(new GatewayError(ErrorKind.ResourceNotFound, "No publication that is kept for this gateway has such a chunk."))
            : new Answer(200) { Body = packed }.With("Content-Encoding", "br");
    });

    /// <summary>Answers <c>POST …/heartbeat</c>.</summary>
    public Task HeartbeatAsync(HttpContext http) => HandleAsync(http, async gateway =>
    {
        var body = await BodyReader.ReadAsync(http, SiteHeartbeat.MaximumBytes);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var heartbeat = HeartbeatReader.Read(body.Value.Json);
        if (!heartbeat.IsSuccess)
        {
            return ErrorEnvelope.From(heartbeat.Errors);
        }

        await Grain(gateway).Report(heartbeat.Value);
        return new Answer(204);
    });

    /// <summary>Answers <c>POST …/events</c>.</summary>
    public Task EventsAsync(HttpContext http) => HandleAsync(http, async gateway =>
    {
        var body = await BodyReader.ReadAsync(http, SiteHeartbeat.MaximumBytes);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var events = SiteEventsHandler.Read(body.Value.Json);
        if (!events.IsSuccess)
        {
            return ErrorEnvelope.From(events.Errors);
        }

        await Grain(gateway).Tell(events.Value);
        return new Answer(204);
    });

    private IFederationGrain Grain(string gateway) => grains.GetGrain<IFederationGrain>(gateway);

    private Task HandleAsync(HttpContext http, Func<string, Task<Answer>> answerAsync) => guard.HandleAsync(http, async _ =>
    {
        if (!http.Request.IsHttps)
        {
            return Answer.Error(403, "HttpsRequired", "The federation is served over https only, because it carries secrets of the configuration.");
        }

        var gateway = (string?)http.Request.RouteValues["gateway"] ?? "";
        return PathRules.Refuse($"/gateways/{gateway}") is { } error ? ErrorEnvelope.From(error)
            : await tokens.RefuseAsync(http.Request.Headers.Authorization, gateway, http.RequestAborted) ?? await answerAsync(gateway);
    });

    private async Task<SignedManifest?> NextAsync(string gateway, string node, PublicationId? running, TimeSpan wait, CancellationToken aborted)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            var left = wait - time.GetElapsedTime(begun);
            var step = left < TimeSpan.Zero ? TimeSpan.Zero : left < _step ? left : _step;
            var signed = await Grain(gateway).Next(node, running, step, aborted);
            if (signed is not null || left <= _step)
            {
                return signed;
            }
        }
    }

    private static TimeSpan Wait(HttpContext http, ErrorList errors)
    {
        var text = http.Request.Query["wait"].ToString();
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > LongestWait))
        {
            errors.Add("wait", $"The query parameter 'wait' must be a whole number of seconds from 0 to {LongestWait}.");
        }

        return TimeSpan.FromSeconds(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? Math.Min(whole, LongestWait) : 0);
    }
}
