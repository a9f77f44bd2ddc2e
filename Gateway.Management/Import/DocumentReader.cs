using System.Text;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Requests;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Microsoft.OpenApi.YamlReader;

namespace Gateway.Management.Import;

/// <summary>
/// From text to an OpenAPI document. Size, depth and repetition are bounded before the library sees the text, and nothing
/// outside the text is ever fetched.
/// </summary>
internal static class DocumentReader
{
    /// <summary>Values and names of a document at most, aliases unfolded.</summary>
    public const int MaximumValues = 1_000_000;

    private static readonly Uri _base = new("https://document.invalid/");

    /// <summary>The document, or every finding with its place in it.</summary>
    public static Result<OpenApiDocument> Read(ImportRequest request)
    {
        var utf8 = Encoding.UTF8.GetBytes(request.Text);
        if (utf8.Length > BodyReader.LargeBytes)
        {
            return BodyReader.TooLarge(BodyReader.LargeBytes);
        }

        var isJson = request.Format != "openapi" || request.Text.AsSpan().TrimStart().StartsWith("{");
        try
        {
            var read = isJson ? ReadJson(utf8) : ReadYaml(request.Text, utf8);
            return read.IsSuccess ? Check(request, read.Value) : read.Errors;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever the library throws on a document is about the document: it has no other input.
            return Refused(exception.Message);
        }
    }

    private static Result<ReadResult> ReadJson(byte[] utf8)
    {
        var json = JsonBody.Parse(utf8, MaximumValues, "document", "properties.value");
        return json.IsSuccess ? new OpenApiJsonReader().Read(json.Value, _base, Settings()) : json.Errors;
    }

    private static Result<ReadResult> ReadYaml(string text, byte[] utf8)
    {
        if (YamlBounds.Refuse(text, MaximumValues) is { } sentence)
        {
            return Refused(sentence);
        }

        using var stream = new MemoryStream(utf8);
        return new OpenApiYamlReader().Read(stream, _base, Settings());
    }

    private static OpenApiReaderSettings Settings() => new()
    {
        LoadExternalRefs = false,
        RuleSet = ValidationRuleSet.GetEmptyRuleSet(),
    };

    private static Result<OpenApiDocument> Check(ImportRequest request, ReadResult read)
    {
        var errors = new ErrorList();
        foreach (var error in (read.Diagnostic?.Errors ?? []).Where(error => !IsHarmless(error)))
        {
            errors.Add("properties.value", Sentence(string.IsNullOrEmpty(error.Pointer) ? error.Message : $"{error.Message} ({error.Pointer})"));
        }

        if (errors.IsEmpty && read.Document is null)
        {
            errors.Add("properties.value", Sentence("it is not an OpenAPI document"));
        }

        var isSwagger = read.Diagnostic?.SpecificationVersion == OpenApiSpecVersion.OpenApi2_0;
        if (errors.IsEmpty && isSwagger != (request.Format == "swagger-json"))
        {
            errors.Add("properties.format", isSwagger
                ? $"The document is of version 2.0 (Swagger): its format is swagger-json, not {request.Format}."
                : "The document is not of version 2.0 (Swagger): its format is openapi or openapi+json.");
        }

        return errors.IsEmpty ? read.Document! : errors.ToArray();
    }

    // Members that the specification does not know mean nothing to a gateway, and real documents are full of them.
    private static bool IsHarmless(OpenApiError error) => error.Message.Contains("is not a valid property", StringComparison.Ordinal);

    private static GatewayError Refused(string cause) => new(ErrorKind.ValidationError, Sentence(cause)) { Target = "properties.value" };

    private static string Sentence(string cause)
    {
        var line = DocumentText.Line(cause, 500).TrimEnd('.');
        return $"The document cannot be read: {line}.";
    }
}
