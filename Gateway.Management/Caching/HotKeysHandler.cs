using System.Globalization;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Caching;

/// <summary>Answers <c>GET …/caches/{id}/hotKeys</c>.</summary>
internal sealed class HotKeysHandler(Catalog catalog)
{
    private const int DefaultTop = 20;

    /// <summary>The responses that requests of all edges look for most.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, string cache)
    {
        var errors = new ErrorList();
        var top = call.Number("$top", DefaultTop, 1, CacheUse.MaximumResponses, errors);
        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        if (cache != ICacheRegionGrain.Internal && await catalog.Reader.Get($"/caches/{cache}", call.Aborted) is { IsSuccess: false } missing)
        {
            return ErrorEnvelope.From(missing.Errors);
        }

        var hottest = await catalog.CacheRegion(cache).Hottest(top, call.Aborted);
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var response in hottest)
            {
                writer.WriteStartObject();
                writer.WriteString("name", response.Entry.ToString("x32", CultureInfo.InvariantCulture));
                writer.WriteStartObject("properties");
                writer.WriteString("api", response.Api);
                writer.WriteString("operation", response.Operation);
                writer.WriteString("path", response.Path);
                writer.WriteNumber("requestsPerSecond", Math.Round(response.RequestsPerSecond, 1));
                writer.WriteNumber("hitRatio", response.RequestsPerSecond > 0 ? Math.Round(Math.Min(1, response.HitsPerSecond / response.RequestsPerSecond), 3) : 0);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", hottest.Length);
            writer.WriteEndObject();
        });
    }
}
