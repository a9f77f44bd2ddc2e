using System.Text.Json;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;

namespace Gateway.Management.Resources;

/// <summary>Writes resources the way ARM shows them.</summary>
internal static class ResourceJson
{
    private const string TypePrefix = "Microsoft.ApiManagement/service/";

    /// <summary>The answer that shows one resource.</summary>
    /// <param name="status">200 or 201.</param>
    /// <param name="prefix">The ARM id of the service, in the caller's spelling.</param>
    /// <param name="kind">The kind that the caller addressed.</param>
    /// <param name="id">The path that the caller addressed.</param>
    /// <param name="resource">What stands there, or what it links to.</param>
    public static Answer Answer(int status, string prefix, ResourceKind kind, string id, Resource resource) =>
        Errors.Answer.Json(status, writer => Write(writer, prefix, kind, id, resource)).WithETag(resource.ETag);

    /// <summary>Writes one resource.</summary>
    public static void Write(Utf8JsonWriter writer, string prefix, ResourceKind kind, string id, Resource resource)
    {
        writer.WriteStartObject();
        writer.WriteString("id", prefix + id);
        writer.WriteString("type", TypePrefix + kind.Name);
        writer.WriteString("name", id[(id.LastIndexOf('/') + 1)..]);
        writer.WritePropertyName("properties");
        writer.WriteRawValue(resource.Properties, skipInputValidation: true);
        writer.WriteEndObject();
    }
}
