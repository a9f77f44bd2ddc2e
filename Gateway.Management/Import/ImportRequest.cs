using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;

namespace Gateway.Management.Import;

/// <summary>The document that a PUT of an API carries.</summary>
/// <param name="Format">One of <see cref="Formats"/>.</param>
/// <param name="Text">The document.</param>
/// <param name="RequiredQueryInTemplate">True: required query parameters become a part of the URL template.</param>
internal sealed record ImportRequest(string Format, string Text, bool RequiredQueryInTemplate)
{
    /// <summary>Formats that can be read.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["openapi", "openapi+json", "swagger-json"];

    private static readonly string[] _others = ["wadl-xml", "wsdl", "odata", "grpc"];

    /// <summary>Reads what the properties say, or lists what is wrong.</summary>
    public static Result<ImportRequest> Read(JsonObject properties)
    {
        var errors = new ErrorList();
        var format = NonEmpty(properties, "format", errors) ?? "";
        var value = NonEmpty(properties, "value", errors) ?? "";
        var translate = properties["translateRequiredQueryParameters"] is null ? "query" : NonEmpty(properties, "translateRequiredQueryParameters", errors);
        if (errors.IsEmpty && Refuse(format) is { } sentence)
        {
            errors.Add("properties.format", sentence);
        }

        if (translate is not (null or "query" or "template"))
        {
            errors.Add("properties.translateRequiredQueryParameters", "'properties.translateRequiredQueryParameters' must be query or template.");
        }

        return errors.IsEmpty ? new ImportRequest(format, value, translate == "template") : errors.ToArray();
    }

    private static string? Refuse(string format)
    {
        if (Formats.Contains(format))
        {
            return null;
        }

        if (format.Contains("-link", StringComparison.Ordinal))
        {
            return "The gateway does not fetch documents: send the document's text as 'value' and one of the formats " + string.Join(", ", Formats) + ".";
        }

        return _others.Contains(format)
            ? $"Documents of the format '{format}' are not supported; use {string.Join(", ", Formats)}."
            : $"'properties.format' must be one of: {string.Join(", ", Formats)}.";
    }

    private static string? NonEmpty(JsonObject properties, string name, ErrorList errors)
    {
        if (properties[name] is not JsonValue value || value.GetValueKind() != JsonValueKind.String || value.GetValue<string>() is not { Length: > 0 } text)
        {
            errors.Add($"properties.{name}", $"'properties.{name}' must be a non-empty string: an import has both 'format' and 'value'.");
            return null;
        }

        return text;
    }
}
