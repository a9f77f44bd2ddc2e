using System.Text.Json;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Nodes;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Nodes;

/// <summary>Answers <c>GET …/gateways/{id}/nodes</c>.</summary>
internal sealed class NodesHandler(Catalog catalog)
{
    /// <summary>The nodes that serve a gateway. The built-in one always exists, though it is in no list.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, string gateway)
    {
        var id = $"/gateways/{gateway}";
        if (PathRules.Refuse(id) is { } error)
        {
            return ErrorEnvelope.From(error);
        }

        if (gateway != CatalogKeys.ManagedGateway)
        {
            var found = await catalog.Reader.Get(id, call.Aborted);
            if (!found.IsSuccess)
            {
                return ErrorEnvelope.From(found.Errors);
            }
        }

        var nodes = await catalog.Site.Nodes(gateway, call.Aborted);
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var node in nodes.OrderBy(node => node.Report.Name, StringComparer.Ordinal))
            {
                Write(writer, node);
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", nodes.Length);
            writer.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter writer, NodeStatus node)
    {
        var report = node.Report;
        writer.WriteStartObject();
        writer.WriteString("name", report.Name);
        writer.WriteStartObject("properties");
        writer.WriteString("role", Word(report.Role));
        writer.WriteString("version", report.Version);
        writer.WriteString("state", Word(report.State));
        if (report.Publication is { } publication)
        {
            writer.WriteStartObject("publication");
            writer.WriteString("lineage", publication.Lineage);
            writer.WriteNumber("number", publication.Number);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("publication");
        }

        writer.WriteString("lastSeen", node.LastSeen);
        writer.WriteString("startedAt", report.StartedAt);
        writer.WriteString("gateway", report.Gateway);
        writer.WriteNumber("requests", report.Requests);
        writer.WriteNumber("errors", report.Errors);
        writer.WriteStartObject("labels");
        foreach (var (name, value) in report.Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("remarks");
        foreach (var remark in report.Remarks)
        {
            writer.WriteStringValue(remark);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
