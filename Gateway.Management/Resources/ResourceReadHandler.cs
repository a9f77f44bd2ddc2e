using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Resources;

/// <summary>GET and HEAD of one resource.</summary>
internal sealed class ResourceReadHandler(Catalog catalog, LinkReader links, PolicyFormat formats)
{
    /// <summary>Answers a GET or HEAD. HEAD of a link says 204, of everything else 200 with the ETag.</summary>
    public async Task<Answer> ReadAsync(ManagementCall call, ResourceMatch match)
    {
        var found = await catalog.Reader.Get(match.Id, call.Aborted);
        if (!found.IsSuccess)
        {
            return ErrorEnvelope.From(found.Errors);
        }

        if (HttpMethods.IsHead(call.Method))
        {
            return new Answer(match.Kind.LinksTo(match.Id) is null ? 200 : 204).WithETag(found.Value.ETag);
        }

        var shown = await formats.ApplyAsync(call, match.Kind, await links.ShowAsync(match.Kind, found.Value, call.Aborted));
        return shown.IsSuccess
            ? ResourceJson.Answer(200, call.Address.Prefix, match.Kind, match.Id, shown.Value)
            : ErrorEnvelope.From(shown.Errors);
    }
}
