using System.Text;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Microsoft.AspNetCore.Http;

namespace Gateway.Management.Resources;

/// <summary>GET of a collection.</summary>
internal sealed class CollectionHandler(Catalog catalog, LinkReader links)
{
    private const int DefaultTop = 100;
    private const int MaximumTop = 1000;

    private static readonly string[] _unsupported = ["$filter", "$orderby"];

    /// <summary>A page of the collection, with a link to the next one when there is more.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, ResourceMatch match)
    {
        var errors = new ErrorList();
        var top = call.Number("$top", DefaultTop, 1, MaximumTop, errors);
        var skip = call.Number("$skip", 0, 0, int.MaxValue, errors);
        foreach (var name in _unsupported.Where(call.Query.ContainsKey))
        {
            errors.Add(name, $"The query parameter '{name}' is not supported. Read the whole list and choose from it.");
        }

        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        var listed = await catalog.Reader.List(new ResourceQuery { Collection = match.Id, Skip = skip, Top = top }, call.Aborted);
        if (!listed.IsSuccess)
        {
            return ErrorEnvelope.From(listed.Errors);
        }

        var page = listed.Value;
        var resources = await links.ShowAsync(match.Kind, page.Resources, call.Aborted);
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var resource in resources)
            {
                ResourceJson.Write(writer, call.Address.Prefix, match.Kind, resource.Id, resource);
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", page.Total);
            var next = (long)skip + page.Resources.Length;
            if (page.Resources.Length > 0 && next < page.Total)
            {
                writer.WriteString("nextLink", NextLink(call.Http.Request, top, next));
            }

            writer.WriteEndObject();
        });
    }

    private static string NextLink(HttpRequest request, int top, long skip)
    {
        var link = new StringBuilder($"{request.Scheme}://{request.Host.ToUriComponent()}{request.Path.ToUriComponent()}?");
        foreach (var (name, values) in request.Query.Where(pair => !pair.Key.Equals("$top", StringComparison.OrdinalIgnoreCase)
            && !pair.Key.Equals("$skip", StringComparison.OrdinalIgnoreCase)))
        {
            link.Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(values.ToString())).Append('&');
        }

        return link.Append($"$top={top}&$skip={skip}").ToString();
    }
}
