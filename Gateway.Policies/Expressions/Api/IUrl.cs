namespace Gateway.Policies.Expressions.Api;

/// <summary>A URL.</summary>
public interface IUrl
{
    /// <summary>The host without port.</summary>
    string Host { get; }

    /// <summary>The path, escaped, with its leading slash.</summary>
    string Path { get; }

    /// <summary>The port, also when the URL does not name it.</summary>
    int Port { get; }

    /// <summary>The values of the query by parameter name, in any case; unescaped.</summary>
    IReadOnlyDictionary<string, string[]> Query { get; }

    /// <summary>The query, escaped, with its question mark; empty without one.</summary>
    string QueryString { get; }

    /// <summary><c>http</c> or <c>https</c>.</summary>
    string Scheme { get; }

    /// <summary>The whole URL.</summary>
    string ToString();

    /// <summary>The whole URL.</summary>
    Uri ToUri();
}
