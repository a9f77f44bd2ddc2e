using System.Text.Json;

namespace Gateway.Cli.Apply;

/// <summary>The file that an API's operations are imported from.</summary>
internal static class ApiSpecification
{
    private static readonly string[] _supported = [".yaml", ".yml", ".json"];

    /// <summary>True for a file name <c>specification.*</c>.</summary>
    public static bool IsNamedSo(string file) => file.StartsWith("specification.", StringComparison.Ordinal);

    /// <summary>True when the server imports this kind of file.</summary>
    public static bool IsSupported(string file) => _supported.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);

    /// <summary>The <c>format</c> that says to the server what the text is.</summary>
    public static string Format(string file, string text)
    {
        if (!file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return "openapi";
        }

        return IsVersion2(text) ? "swagger-json" : "openapi+json";
    }

    // Broken JSON is the server's to refuse, with a position.
    private static bool IsVersion2(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("swagger", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
