using System.Text.Json.Nodes;
using Gateway.Contracts.Caching;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Caching;

/// <summary>Answers <c>POST …/caches/{id}/purge</c>.</summary>
internal sealed class PurgeHandler(Catalog catalog)
{
    private static readonly string[] s_properties = ["api", "operation", "tag", "key"];

    /// <summary>Ends what a cache holds, or a part of it; answers when that is so for all edges that ask.</summary>
    public async Task<Answer> PurgeAsync(ManagementCall call, string cache)
    {
        var body = await BodyReader.ReadAsync(call.Http, BodyReader.ResourceBytes);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var errors = new ErrorList();
        var scope = Read(body.Value.Json, errors);
        if (scope is null)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        if (cache != ICacheRegionGrain.Internal && await catalog.Reader.Get($"/caches/{cache}", call.Aborted) is { IsSuccess: false } missing)
        {
            return ErrorEnvelope.From(missing.Errors);
        }

        var purged = await catalog.CacheRegion(cache).Purge(scope, call.Aborted);
        return purged.IsSuccess ? new Answer(204) : ErrorEnvelope.From(purged.Errors);
    }

    private static CacheScope? Read(JsonObject body, ErrorList errors)
    {
        foreach (var (name, _) in body.Where(property => !s_properties.Contains(property.Key)))
        {
            errors.Add(name, $"'{name}' is not known; a purge is of everything ({{}}), or names one of 'api' (with 'operation' or without), 'tag' and 'key'.");
        }

        var (api, operation, tag, key) = (Text(body, "api", errors), Text(body, "operation", errors), Text(body, "tag", errors), Text(body, "key", errors));
        if (errors.IsEmpty && new[] { api, tag, key }.Count(text => text is not null) > 1)
        {
            errors.Add("tag", "'api', 'tag' and 'key' exclude each other: purge one after the other.");
        }

        if (errors.IsEmpty && operation is not null && api is null)
        {
            errors.Add("api", "'api' is required with 'operation'.");
        }

        return !errors.IsEmpty ? null
            : operation is not null ? new(CacheScopeKind.Operation, api, operation)
            : api is not null ? new(CacheScopeKind.Api, api)
            : tag is not null ? new(CacheScopeKind.Tag, tag)
            : key is not null ? new(CacheScopeKind.Key, key)
            : CacheScope.All;
    }

    private static string? Text(JsonObject body, string name, ErrorList errors)
    {
        if (body[name] is not { } node)
        {
            return null;
        }

        if (node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length is > 0 and <= CacheScope.MaximumName)
        {
            return text;
        }

        errors.Add(name, $"'{name}' must be a text of 1 to {CacheScope.MaximumName} characters.");
        return null;
    }
}
