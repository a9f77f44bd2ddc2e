using System.Text.Json;
using Gateway.Contracts.Publications;

namespace Gateway.Management.Publications;

/// <summary>Publications as JSON.</summary>
internal static class PublicationJson
{
    /// <summary>A publication and who runs it.</summary>
    public static void Write(Utf8JsonWriter writer, PublicationSummary publication, string[] nodes)
    {
        writer.WriteStartObject();
        writer.WriteString("lineage", publication.Id.Lineage);
        writer.WriteNumber("number", publication.Id.Number);
        writer.WriteNumber("catalogVersion", publication.CatalogVersion);
        writer.WriteString("createdAt", publication.CreatedAt);
        writer.WriteNumber("parts", publication.Parts);
        writer.WriteNumber("bytes", publication.Bytes);
        if (publication.RollbackOf is { } number)
        {
            writer.WriteNumber("rollbackOf", number);
        }

        writer.WriteStartArray("nodes");
        foreach (var node in nodes)
        {
            writer.WriteStringValue(node);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>A part, and what became of it.</summary>
    public static void Write(Utf8JsonWriter writer, PublicationPart part, string? change = null)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(part.Kind.ToString()));
        writer.WriteString("id", part.Id);
        if (change is not null)
        {
            writer.WriteString("change", change);
        }

        writer.WriteNumber("bytes", part.Length);
        writer.WriteEndObject();
    }
}
