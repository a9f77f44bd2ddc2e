namespace Gateway.Policies.Policies.Access;

/// <summary>Origins of web pages: scheme, host and port.</summary>
internal static class WebOrigin
{
    /// <summary>True for what a browser could send.</summary>
    public static bool IsOne(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.PathAndQuery is "/" && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0 && !text.EndsWith("//", StringComparison.Ordinal);

    /// <summary>The same origin as every other spelling of it: lower case, without the port that the scheme implies and without a slash at its end.</summary>
    public static string Normalize(string text) => IsPlain(text) ? text
        : Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath.TrimEnd('/')}"
        : text;

    /// <summary>True for what browsers send: nothing to change, nothing to allocate.</summary>
    private static bool IsPlain(string text)
    {
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        return host < 3 || (!text.AsSpan().ContainsAnyInRange('A', 'Z') && text.IndexOf('/', host) < 0
            && !text.EndsWith(":80", StringComparison.Ordinal) && !text.EndsWith(":443", StringComparison.Ordinal));
    }
}
