namespace Gateway.Policies.Expressions.Api;

/// <summary>An API.</summary>
public interface IApi
{
    /// <summary>The API's id.</summary>
    string Id { get; }

    /// <summary>True when requests reach this revision without naming it.</summary>
    bool IsCurrentRevision { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>The path prefix with a slash before it, and none at its end; empty for an API at the root.</summary>
    string Path { get; }

    /// <summary>The schemes it is reachable over.</summary>
    IEnumerable<string> Protocols { get; }

    /// <summary>The revision, e.g. <c>1</c>.</summary>
    string Revision { get; }

    /// <summary>The URL of the API's own backend; null when policies choose one.</summary>
    IUrl ServiceUrl { get; }

    /// <summary>Where the API looks for keys.</summary>
    ISubscriptionKeyParameterNames SubscriptionKeyParameterNames { get; }

    /// <summary>The version; null for an API without versions.</summary>
    string? Version { get; }
}

/// <summary>Where an API looks for subscription keys.</summary>
public interface ISubscriptionKeyParameterNames
{
    /// <summary>The header's name.</summary>
    string Header { get; }

    /// <summary>The query parameter's name.</summary>
    string Query { get; }
}
