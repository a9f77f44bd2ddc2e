using System.Collections.Frozen;
using Gateway.Policies.Documents;
using Gateway.Policies.Policies.Access;
using Gateway.Policies.Policies.Authentication;
using Gateway.Policies.Policies.Caching;
using Gateway.Policies.Policies.Calls;
using Gateway.Policies.Policies.Control;
using Gateway.Policies.Policies.Limits;
using Gateway.Policies.Policies.Observing;
using Gateway.Policies.Policies.Routing;
using Gateway.Policies.Policies.Transformation;
using Gateway.Policies.Policies.Transformation.Xsl;
using Gateway.Policies.Policies.Validation;
using Gateway.Policies.Policies.Validation.Content;

namespace Gateway.Policies.Policies;

/// <summary>All policies. A new one is one file and one line here.</summary>
public static class PolicyCatalog
{
    /// <summary>The policies by name.</summary>
    public static FrozenDictionary<string, PolicyEntry> Entries { get; } = new[]
    {
        Of<AuthenticationBasicPolicy>(),
        Of<AuthenticationCertificatePolicy>(),
        Of<AuthenticationManagedIdentityPolicy>(),
        Of<CacheLookupPolicy>(),
        Of<CacheLookupValuePolicy>(),
        Of<CacheRemoveValuePolicy>(),
        Of<CacheStorePolicy>(),
        Of<CacheStoreValuePolicy>(),
        Of<CacheValuePolicy>(),
        Of<CheckHeaderPolicy>(),
        Of<ChoosePolicy>(),
        Of<CorsPolicy>(),
        Of<CrossDomainPolicy>(),
        Of<EmitMetricPolicy>(),
        Of<FindAndReplacePolicy>(),
        Of<ForwardRequestPolicy>(),
        Of<IncludeFragmentPolicy>(),
        Of<IpFilterPolicy>(),
        Of<JsonToXmlPolicy>(),
        Of<JsonpPolicy>(),
        Of<LimitConcurrencyPolicy>(),
        Of<LogToEventHubPolicy>(),
        Of<MockResponsePolicy>(),
        Of<ProxyPolicy>(),
        Of<QuotaByKeyPolicy>(),
        Of<QuotaPolicy>(),
        Of<RateLimitByKeyPolicy>(),
        Of<RateLimitPolicy>(),
        Of<RedirectContentUrlsPolicy>(),
        Of<RetryPolicy>(),
        Of<ReturnResponsePolicy>(),
        Of<RewriteUriPolicy>(),
        Of<SendOneWayRequestPolicy>(),
        Of<SendRequestPolicy>(),
        Of<SetBackendServicePolicy>(),
        Of<SetBodyPolicy>(),
        Of<SetHeaderPolicy>(),
        Of<SetMethodPolicy>(),
        Of<SetQueryParameterPolicy>(),
        Of<SetStatusPolicy>(),
        Of<SetVariablePolicy>(),
        Of<TracePolicy>(),
        Of<ValidateAzureAdTokenPolicy>(),
        Of<ValidateClientCertificatePolicy>(),
        Of<ValidateContentPolicy>(),
        Of<ValidateHeadersPolicy>(),
        Of<ValidateJwtPolicy>(),
        Of<ValidateParametersPolicy>(),
        Of<ValidateStatusCodePolicy>(),
        Of<WaitPolicy>(),
        Of<XmlToJsonPolicy>(),
        Of<XslTransformPolicy>(),
    }.ToFrozenDictionary(entry => entry.Descriptor.Name, StringComparer.Ordinal);

    private static PolicyEntry Of<T>()
        where T : class, IPolicy<T> => new(T.Descriptor, T.Parse);
}

/// <summary>A policy's descriptor and how its element is read.</summary>
public sealed record PolicyEntry(PolicyDescriptor Descriptor, Func<PolicyElement, PolicyParsing, IPolicy?> Parse);
