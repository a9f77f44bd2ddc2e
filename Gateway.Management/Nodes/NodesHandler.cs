using System.Text.Json;
using Gateway.Contracts.Nodes;
using Gateway.Contracts.Publications;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Nodes;

/// <summary>Answers <c>GET …/gateways/{id}/nodes</c>.</summary>
internal sealed class NodesHandler(Catalog catalog, GatewayFinder gateways, TimeProvider time)
{
    /// <summary>The nodes that serve a gateway.</summary>
    public async Task<Answer> ListAsync(ManagementCall call, string gateway)
    {
        if (await gateways.RefuseAsync(gateway, call.Aborted) is { } refused)
        {
            return refused;
        }

        var standing = await catalog.Publications(gateway).Standing(call.Aborted);
        var nodes = await catalog.Site.Nodes(gateway, call.Aborted);
        return Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var node in nodes.OrderBy(node => node.Report.Name, StringComparer.Ordinal))
            {
                Write(writer, node, standing);
            }

            writer.WriteEndArray();
            writer.WriteNumber("count", nodes.Length);
            writer.WriteEndObject();
        });
    }

    private void Write(Utf8JsonWriter writer, NodeStatus node, PublicationStanding standing)
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
            if (report.PublicationSince is { } since)
            {
                writer.WriteString("since", since);
            }

            writer.WriteNumber("lagSeconds", Lag(publication, standing));
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("publication");
        }

        if (report.Rejected is { } rejected)
        {
            writer.WriteStartObject("rejected");
            writer.WriteString("lineage", rejected.Lineage);
            writer.WriteNumber("number", rejected.Number);
            writer.WriteString("reason", report.RejectedBecause);
            writer.WriteEndObject();
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

    // 0 while it runs the newest one, else how long that has been there.
    private double Lag(PublicationId running, PublicationStanding standing) => standing is { Current: { } current, CreatedAt: { } madeAt } && current != running
        ? Math.Round(Math.Max(0, (time.GetUtcNow() - madeAt).TotalSeconds), 3)
        : 0;

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
