using Gateway.Policies.Caching;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Answers a <c>GET</c> or <c>HEAD</c> with a response that <c>cache-store</c> has kept, and goes on behind that policy: what stands between the two does not run. Responses are told apart by API, operation,
/// product, host, path, and where the request would go; by the query and what this policy names; and by what the backend's <c>Vary</c> names.
/// <c>If-None-Match</c>, <c>If-Modified-Since</c> and <c>Range</c> are answered from the cached response.
/// </summary>
public sealed class CacheLookupPolicy : IPolicy<CacheLookupPolicy>
{
    private const int MaximumNames = 100;

    private static readonly (string, DownstreamCaching)[] s_downstream =
        [("none", DownstreamCaching.None), ("private", DownstreamCaching.Private), ("public", DownstreamCaching.Public)];

    private PolicySetting<DownstreamCaching> _downstream;
    private LookupTerms? _fixed;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "cache-lookup", Sections = PolicySection.Inbound, OncePerBranch = true };

    /// <summary><c>vary-by-developer</c>: true gives each subscription responses of its own; required. May be an expression.</summary>
    /// <remarks>
    /// <c>downstream-caching-type</c>: who may cache between gateway and client: <c>none</c> (default), <c>private</c> (the client) or <c>public</c>. May be an expression.
    /// </remarks>
    public required PolicySetting<bool> VaryByDeveloper { get; init; }

    /// <summary><c>vary-by-developer-groups</c>: the same until subscriptions have owners with groups; required. May be an expression.</summary>
    public required PolicySetting<bool> VaryByDeveloperGroups { get; init; }

    /// <summary><c>allow-private-response-caching</c>: true also caches requests with <c>Authorization</c> and private responses, each for the same credentials only; false by default. May be an expression.</summary>
    public PolicySetting<bool> AllowPrivate { get; init; }

    /// <summary><c>must-revalidate</c>: whoever caches downstream asks again once a response is old; true by default. May be an expression.</summary>
    public PolicySetting<bool> MustRevalidate { get; init; }

    /// <summary><c>caching-type</c>: <c>prefer-external</c> (default), <c>internal</c> or <c>external</c>.</summary>
    public CachingType Type { get; init; }

    /// <summary><c>vary-by-header</c>: request headers that tell responses apart; several with semicolons between. May be expressions.</summary>
    public IReadOnlyList<PolicySetting<string>> Headers { get; init; } = [];

    /// <summary><c>vary-by-query-parameter</c>: query parameters that tell responses apart; several with semicolons between; without any, all of them do. May be expressions.</summary>
    public IReadOnlyList<PolicySetting<string>> QueryParameters { get; init; } = [];

    /// <inheritdoc/>
    public static CacheLookupPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        if (parsing.IsWaiting)
        {
            parsing.Diagnostics.Error(element, "The policy 'cache-lookup' may not stand in 'wait'.");
        }

        foreach (var required in (string[])["vary-by-developer", "vary-by-developer-groups"])
        {
            if (!read.Has(required))
            {
                read.Error(required, $"The attribute '{required}' is missing.");
            }
        }

        var policy = new CacheLookupPolicy
        {
            VaryByDeveloper = read.BooleanSetting("vary-by-developer") ?? new(false),
            VaryByDeveloperGroups = read.BooleanSetting("vary-by-developer-groups") ?? new(false),
            AllowPrivate = read.BooleanSetting("allow-private-response-caching") ?? new(false),
            MustRevalidate = read.BooleanSetting("must-revalidate") ?? new(true),
            Type = read.ReadCachingType(),
            Headers = read.Values("vary-by-header", text => Check("vary-by-header", text)),
            QueryParameters = read.Values("vary-by-query-parameter", text => Check("vary-by-query-parameter", text)),
            _downstream = read.ChoiceSetting("downstream-caching-type", DownstreamCaching.None, s_downstream),
        };
        read.End();
        if (policy.Headers.Count > MaximumNames || policy.QueryParameters.Count > MaximumNames)
        {
            parsing.Diagnostics.Error(element, $"The policy 'cache-lookup' can vary by at most {MaximumNames} headers and as many query parameters.");
        }

        policy._fixed = policy.IsFixed ? policy.MakeTerms(null!) : null;
        return policy;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var terms = _fixed ?? MakeTerms(context);
        return Storability.CanBeAnswered(context, terms.AllowPrivate) ? ResponseCaching.LookUpAsync(context, terms) : ValueTask.CompletedTask;
    }

    private bool IsFixed => VaryByDeveloper.IsLiteral && VaryByDeveloperGroups.IsLiteral && AllowPrivate.IsLiteral && MustRevalidate.IsLiteral && _downstream.IsLiteral
        && Headers.Concat(QueryParameters).All(name => name.IsLiteral);

    private static string? Check(string element, string text) =>
        Names(text).Length is 0 or > MaximumNames ? $"The text of '{element}' must be a name, or up to {MaximumNames} names with semicolons between." : null;

    private static string[] Names(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Resolve(PolicyContext context, IReadOnlyList<PolicySetting<string>> names) =>
        [.. names.SelectMany(name => Names(name.For(context).ToLowerInvariant())).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private LookupTerms MakeTerms(PolicyContext context) => new()
    {
        Type = Type,
        VaryBySubscription = VaryByDeveloper.For(context) | VaryByDeveloperGroups.For(context),
        Headers = Resolve(context, Headers),
        QueryParameters = Resolve(context, QueryParameters),
        AllowPrivate = AllowPrivate.For(context),
        Downstream = _downstream.For(context),
        MustRevalidate = MustRevalidate.For(context),
    };
}
