namespace Gateway.Policies.Execution;

/// <summary>An API as policies see it.</summary>
public sealed record ApiInfo(string Id, string Name, string Path, string Revision, string? ServiceUrl);

/// <summary>An operation as policies see it.</summary>
public sealed record OperationInfo(string Id, string Name, string Method, string UrlTemplate);

/// <summary>A product as policies see it.</summary>
public sealed record ProductInfo(string Id, string Name, bool SubscriptionRequired, bool ApprovalRequired, bool Published);

/// <summary>A subscription as policies see it.</summary>
public sealed record SubscriptionInfo(string Id, string Name, DateTimeOffset CreatedDate);

/// <summary>A backend as policies see it.</summary>
/// <param name="Id">The backend's id.</param>
/// <param name="Url">Absolute URL without a slash at its end.</param>
public record BackendInfo(string Id, string Url);
