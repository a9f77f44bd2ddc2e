using System.Collections.ObjectModel;
using System.Security.Cryptography.X509Certificates;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Context;

namespace Gateway.Policies.Execution;

/// <summary>An API as policies see it.</summary>
public sealed record ApiInfo(string Id, string Name, string Path, string Revision, string? ServiceUrl) : IApi, ISubscriptionKeyParameterNames
{
    private readonly string[] _protocols = [];

    /// <summary>The schemes it is reachable over.</summary>
    public IEnumerable<string> Protocols
    {
        get => _protocols.Select(protocol => protocol);
        init => _protocols = [.. value];
    }

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; init; } = "";

    /// <summary>The query parameter that carries the key.</summary>
    public string KeyQuery { get; init; } = "";

    /// <inheritdoc/>
    public bool IsCurrentRevision => true;

    /// <inheritdoc/>
    public ISubscriptionKeyParameterNames SubscriptionKeyParameterNames => this;

    /// <inheritdoc/>
    public string? Version => null;

    // Expressions put it behind a host.
    string IApi.Path => Path.Length == 0 ? "" : $"/{Path}";

    string ISubscriptionKeyParameterNames.Header => KeyHeader;

    string ISubscriptionKeyParameterNames.Query => KeyQuery;

    IUrl IApi.ServiceUrl => ServiceUrl is null ? null! : UrlView.OfAddress(ServiceUrl);
}

/// <summary>An operation as policies see it.</summary>
public sealed record OperationInfo(string Id, string Name, string Method, string UrlTemplate) : IOperation
{
    /// <summary>What its definition says of requests and responses.</summary>
    public OperationShape Shape { get; init; } = OperationShape.Empty;
}

/// <summary>A product as policies see it.</summary>
public sealed record ProductInfo(string Id, string Name, bool SubscriptionRequired, bool ApprovalRequired, bool Published)
{
    /// <summary>The ids of the APIs in it that this gateway serves.</summary>
    public IReadOnlyList<string> Apis { get; init; } = [];

    /// <summary>How many subscriptions one user may have; null without a bound.</summary>
    public int? SubscriptionsLimit { get; init; }
}

/// <summary>A subscription as policies see it.</summary>
public sealed record SubscriptionInfo(string Id, string Name, DateTimeOffset CreatedDate)
{
    /// <summary>When it was activated; null when that is not known.</summary>
    public DateTimeOffset? StartDate { get; init; }

    /// <summary>When it ended, or is said to end; null when that is not known.</summary>
    public DateTimeOffset? EndDate { get; init; }

    /// <summary>SHA-256 of its primary key in UTF-8, base64.</summary>
    public string PrimaryKeyHash { get; init; } = "";

    /// <summary>The id of the user it belongs to; null when it stands alone.</summary>
    public string? OwnerId { get; init; }
}

/// <summary>A backend as policies see it.</summary>
/// <param name="Id">The backend's id.</param>
/// <param name="Url">Absolute URL without a slash at its end; null for a pool, whose members have theirs.</param>
public record BackendInfo(string Id, string? Url);

/// <summary>A logger as policies see it.</summary>
/// <param name="Id">The logger's id.</param>
/// <param name="Type">What stands at the other end: <c>file</c>, <c>http</c>, <c>otlp</c>, …</param>
/// <param name="Credentials">What it needs to be reached, by name; may hold secrets.</param>
/// <param name="IsBuffered">True when entries are sent together.</param>
public record LoggerInfo(string Id, string Type, IReadOnlyDictionary<string, string> Credentials, bool IsBuffered)
{
    /// <summary>Its id and type only: the rest may be secret.</summary>
    public sealed override string ToString() => $"{Id} ({Type})";
}

/// <summary>A schema as policies see it: one object for as long as the schema does not change.</summary>
/// <param name="id">The schema's id.</param>
/// <param name="type"><c>json</c> or <c>xml</c>.</param>
/// <param name="text">The schema.</param>
public sealed class SchemaInfo(string id, string type, string text)
{
    private object? _made;

    /// <summary>The schema's id.</summary>
    public string Id => id;

    /// <summary><c>json</c> or <c>xml</c>.</summary>
    public string Type => type;

    /// <summary>The schema.</summary>
    public string Text => text;

    /// <summary>What a policy makes of the schema: made with the first request that needs it, kept with the schema.</summary>
    /// <param name="make">Pure; may run more than once when requests come at the same time, and then one result is kept.</param>
    public T Made<T>(Func<SchemaInfo, T> make) where T : class =>
        Volatile.Read(ref _made) as T ?? (T)(Interlocked.CompareExchange(ref _made, make(this), null) ?? _made)!;
}

/// <summary>The gateway as policies see it.</summary>
/// <param name="GatewayId">Its id; <c>managed</c> for the built-in one.</param>
/// <param name="ServiceId">Names the installation.</param>
/// <param name="ServiceName">The service's name.</param>
/// <param name="InstanceId">The name of this node.</param>
public sealed record DeploymentInfo(string GatewayId, string ServiceId, string ServiceName, string InstanceId) : IDeployment, IGateway
{
    private const string Managed = "managed";

    /// <summary>The certificates of the catalog by thumbprint.</summary>
    public IReadOnlyDictionary<string, X509Certificate2> Certificates { get; init; } = ReadOnlyDictionary<string, X509Certificate2>.Empty;

    /// <summary>The same by id.</summary>
    public IReadOnlyDictionary<string, X509Certificate2> CertificatesById { get; init; } = ReadOnlyDictionary<string, X509Certificate2>.Empty;

    IReadOnlyDictionary<string, X509Certificate2> IDeployment.Certificates => new CertificateView(Certificates, CertificatesById);

    IGateway IDeployment.Gateway => this;

    string IDeployment.Region => GatewayId;

    string IGateway.Id => GatewayId;

    bool IGateway.IsManaged => GatewayId == Managed;
}
