using Microsoft.Net.Http.Headers;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>What content types say of a body.</summary>
internal static class BodyKinds
{
    /// <summary><c>application/json</c>, <c>text/json</c> or any type that ends with <c>+json</c>.</summary>
    public static bool IsJson(string? contentType) => Is(contentType, "json");

    /// <summary><c>application/xml</c>, <c>text/xml</c> or any type that ends with <c>+xml</c>.</summary>
    public static bool IsXml(string? contentType) => Is(contentType, "xml");

    /// <summary>True when an <c>Accept</c> header names a type of the kind; <c>*/*</c> names none.</summary>
    public static bool Accepts(IEnumerable<string?> accept, Func<string?, bool> kind) =>
        accept.SelectMany(value => (value ?? "").Split(',')).Any(range => kind(range.Trim()));

    private static bool Is(string? contentType, string name) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.Suffix.Equals(name, StringComparison.OrdinalIgnoreCase)
            || (type.SubType.Equals(name, StringComparison.OrdinalIgnoreCase) && (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) || type.Type.Equals("text", StringComparison.OrdinalIgnoreCase))));
}
