namespace Gateway.Policies.Documents;

/// <summary>Where a document is stored, broad to narrow; combined where a policy says which it may be used in.</summary>
[Flags]
public enum PolicyScope
{
    /// <summary>The service.</summary>
    Global = 1,

    /// <summary>A product.</summary>
    Product = 2,

    /// <summary>An API.</summary>
    Api = 4,

    /// <summary>An operation.</summary>
    Operation = 8,

    /// <summary>Every scope.</summary>
    All = Global | Product | Api | Operation,
}

/// <summary>The parts of a document in the order they run; combined where a policy says which it may be used in.</summary>
[Flags]
public enum PolicySection
{
    /// <summary>Before the request is forwarded.</summary>
    Inbound = 1,

    /// <summary>Forwards the request.</summary>
    Backend = 2,

    /// <summary>After the backend's status and headers are known.</summary>
    Outbound = 4,

    /// <summary>After a failure in any other section.</summary>
    OnError = 8,

    /// <summary>Every section.</summary>
    All = Inbound | Backend | Outbound | OnError,
}

/// <summary>The names that documents, <c>context.LastError</c> and diagnostics use.</summary>
public static class PolicyNames
{
    /// <summary>The name of one scope.</summary>
    public static string Name(this PolicyScope scope) => scope switch
    {
        PolicyScope.Global => "global",
        PolicyScope.Product => "product",
        PolicyScope.Api => "api",
        PolicyScope.Operation => "operation",
        _ => throw new ArgumentOutOfRangeException(nameof(scope)),
    };

    /// <summary>The name of one section.</summary>
    public static string Name(this PolicySection section) => section switch
    {
        PolicySection.Inbound => "inbound",
        PolicySection.Backend => "backend",
        PolicySection.Outbound => "outbound",
        PolicySection.OnError => "on-error",
        _ => throw new ArgumentOutOfRangeException(nameof(section)),
    };

    /// <summary>The section of that name; null when there is none.</summary>
    public static PolicySection? Section(string name) => name switch
    {
        "inbound" => PolicySection.Inbound,
        "backend" => PolicySection.Backend,
        "outbound" => PolicySection.Outbound,
        "on-error" => PolicySection.OnError,
        _ => null,
    };

    /// <summary>The names of several sections, for a sentence: <c>inbound, backend or outbound</c>.</summary>
    public static string List(this PolicySection sections) =>
        Join([.. sections.Each().Select(Name)]);

    /// <summary>The names of several scopes, for a sentence: <c>product, api or operation</c>.</summary>
    public static string List(this PolicyScope scopes) =>
        Join([.. scopes.Each().Select(Name)]);

    /// <summary>The sections one by one, in the order they run.</summary>
    public static IEnumerable<PolicySection> Each(this PolicySection sections) => Single.Where(section => sections.HasFlag(section));

    /// <summary>The scopes one by one, broad to narrow.</summary>
    public static IEnumerable<PolicyScope> Each(this PolicyScope scopes) => s_scopes.Where(scope => scopes.HasFlag(scope));

    private static readonly PolicyScope[] s_scopes = [PolicyScope.Global, PolicyScope.Product, PolicyScope.Api, PolicyScope.Operation];

    internal static readonly PolicySection[] Single =
        [PolicySection.Inbound, PolicySection.Backend, PolicySection.Outbound, PolicySection.OnError];

    internal static string Join(IReadOnlyList<string> names) => names.Count < 2
        ? string.Concat(names)
        : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}
