namespace Gateway.Contracts.Publications;

/// <summary>The service-wide part of a publication.</summary>
public sealed record ServiceChunk
{
    /// <summary>The service's name.</summary>
    public required string ServiceName { get; init; }

    /// <summary>The global policy document as a serialised checked tree; null when there is none.</summary>
    public string? Policy { get; init; }

    /// <summary>The products that hold at least one API of this gateway, by id.</summary>
    public IReadOnlyList<ProductEntry> Products { get; set; } = [];

    /// <summary>The backends, by id.</summary>
    public IReadOnlyList<BackendEntry> Backends { get; set; } = [];

    /// <summary>The certificates, by id.</summary>
    public IReadOnlyList<CertificateEntry> Certificates { get; set; } = [];

    /// <summary>The external cache of this gateway; null when there is none.</summary>
    public CacheEntry? Cache { get; set; }

    /// <summary>The loggers, by id.</summary>
    public IReadOnlyList<LoggerEntry> Loggers { get; set; } = [];

    /// <summary>The schemas, by id.</summary>
    public IReadOnlyList<SchemaEntry> Schemas { get; set; } = [];
}

/// <summary>One product.</summary>
public sealed record ProductEntry
{
    /// <summary>The product's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>False for an open product: its APIs are called without a key.</summary>
    public bool SubscriptionRequired { get; set; } = true;

    /// <summary>True when a person approves each subscription.</summary>
    public bool ApprovalRequired { get; init; }

    /// <summary>True when published.</summary>
    public bool Published { get; init; }

    /// <summary>How many subscriptions one user may have; null without a bound.</summary>
    public int? SubscriptionsLimit { get; init; }

    /// <summary>Ids of the APIs in it that this gateway serves, ordered.</summary>
    public IReadOnlyList<string> Apis { get; set; } = [];

    /// <summary>The product's policy document as a serialised checked tree.</summary>
    public string? Policy { get; init; }
}

/// <summary>One backend.</summary>
public sealed record BackendEntry
{
    /// <summary>The backend's id.</summary>
    public required string Id { get; init; }

    /// <summary>Absolute http or https URL that operation paths are appended to; empty for a pool.</summary>
    public required string Url { get; init; }

    /// <summary>False: any certificate chain of the backend is accepted.</summary>
    public bool ValidateCertificateChain { get; set; } = true;

    /// <summary>False: the backend's certificate may name another host.</summary>
    public bool ValidateCertificateName { get; set; } = true;

    /// <summary>Headers sent with every request to it.</summary>
    public IReadOnlyList<NamedValues> Headers { get; set; } = [];

    /// <summary>Query parameters sent with every request to it.</summary>
    public IReadOnlyList<NamedValues> Query { get; set; } = [];

    /// <summary>The Authorization header sent with every request to it; null for none.</summary>
    public string? Authorization { get; init; }

    /// <summary>Ids of certificates by which the gateway is known to it: the first that has its private key is shown.</summary>
    public IReadOnlyList<string> Certificates { get; set; } = [];

    /// <summary>Thumbprints of further ones.</summary>
    public IReadOnlyList<string> CertificateThumbprints { get; set; } = [];

    /// <summary>The proxy on the way to it; null for none.</summary>
    public ProxyEntry? Proxy { get; init; }

    /// <summary>The members of a pool; null for a single backend.</summary>
    public IReadOnlyList<PoolMemberEntry>? Pool { get; init; }

    /// <summary>The cookie by which a session stays at one member of the pool; null for none.</summary>
    public string? SessionCookie { get; init; }

    /// <summary>When it is taken out of use for a while; null for never.</summary>
    public CircuitBreakerEntry? CircuitBreaker { get; init; }
}

/// <summary>One certificate, as the operator gave it.</summary>
public sealed record CertificateEntry
{
    /// <summary>The certificate's id.</summary>
    public required string Id { get; init; }

    /// <summary>Base64 of a .pfx or .cer file, or PEM text.</summary>
    public required string Data { get; init; }

    /// <summary>The password of its private key; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Its id only: the rest is secret.</summary>
    public override string ToString() => Id;
}

/// <summary>An external cache.</summary>
public sealed record CacheEntry
{
    /// <summary>The cache's id.</summary>
    public required string Id { get; init; }

    /// <summary>How it is reached, in StackExchange.Redis form.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Its id only: the rest is secret.</summary>
    public override string ToString() => Id;
}

/// <summary>One logger.</summary>
public sealed record LoggerEntry
{
    /// <summary>The logger's id.</summary>
    public required string Id { get; init; }

    /// <summary>What stands at the other end: <c>file</c>, <c>http</c>, <c>otlp</c>, <c>azureEventHub</c>, …</summary>
    public required string Type { get; init; }

    /// <summary>What it needs to be reached, by name; ordered.</summary>
    public IReadOnlyList<NamedText> Credentials { get; set; } = [];

    /// <summary>True when entries are sent together.</summary>
    public bool IsBuffered { get; set; } = true;

    /// <summary>Its id and type only: the rest may be secret.</summary>
    public override string ToString() => $"{Id} ({Type})";
}

/// <summary>One schema.</summary>
public sealed record SchemaEntry
{
    /// <summary>The schema's id.</summary>
    public required string Id { get; init; }

    /// <summary><c>json</c> or <c>xml</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The schema.</summary>
    public required string Text { get; init; }

    /// <summary>The pointer to the types in it, with a slash at its end; null when it is one type.</summary>
    public string? Types { get; init; }
}

/// <summary>A name with a text.</summary>
public sealed record NamedText(string Name, string Text);

/// <summary>A header or query parameter with its values.</summary>
public sealed record NamedValues(string Name, IReadOnlyList<string> Values);

/// <summary>One API with its operations.</summary>
public sealed record ApiChunk
{
    /// <summary>The API's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The path prefix without slashes at its ends; may be empty.</summary>
    public required string Path { get; init; }

    /// <summary>Hosts it answers on: names, or <c>*.</c> and a name; lower case, without a port. None: every host.</summary>
    public IReadOnlyList<string> Hostnames { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>Schemes it is reachable over: <c>http</c>, <c>https</c>, <c>ws</c>, <c>wss</c>.</summary>
    public IReadOnlyList<string> Protocols { get; set => field = value is { Count: > 0 } ? value : []; } = [];

    /// <summary>Absolute URL of the default backend; null when policies choose one.</summary>
    public string? ServiceUrl { get; init; }

    /// <summary><c>http</c>, <c>websocket</c>, …</summary>
    public string Type { get; set; } = "http";

    /// <summary>The revision, <c>1</c> and up.</summary>
    public string Revision { get; set; } = "1";

    /// <summary>False: callable without a key.</summary>
    public bool SubscriptionRequired { get; set; } = true;

    /// <summary>The header that carries the key.</summary>
    public string KeyHeader { get; set; } = "Ocp-Apim-Subscription-Key";

    /// <summary>The query parameter that carries the key when the header is absent.</summary>
    public string KeyQuery { get; set; } = "subscription-key";

    /// <summary>The API's policy document as a serialised checked tree.</summary>
    public string? Policy { get; init; }

    /// <summary>The operations, by id.</summary>
    public IReadOnlyList<OperationEntry> Operations { get; set; } = [];

    /// <summary>The types that operations name, by id; only where the policies of the API or an operation may ask for them, else null.</summary>
    public IReadOnlyList<SchemaEntry>? Schemas { get; init; }
}

/// <summary>One operation.</summary>
public sealed record OperationEntry
{
    /// <summary>The operation's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The HTTP method, upper case; <c>*</c> matches any (our extension, for web sockets).</summary>
    public required string Method { get; init; }

    /// <summary>The template relative to the API's path: literals, <c>{name}</c>, <c>*</c>, <c>?a={b}</c>.</summary>
    public required string UrlTemplate { get; init; }

    /// <summary>The operation's policy document as a serialised checked tree.</summary>
    public string? Policy { get; init; }

    /// <summary>Examples of its responses; only where the policies of the API or the operation mock responses, else null.</summary>
    public IReadOnlyList<ExampleEntry>? Examples { get; init; }

    /// <summary>What its definition says of requests and responses; null when it says nothing that an edge needs.</summary>
    public OperationDefinition? Definition { get; init; }
}

/// <summary>An example of a response.</summary>
/// <param name="Status">The response's status.</param>
/// <param name="ContentType">The type of its body; null without one.</param>
/// <param name="Body">Its body; null without one.</param>
public sealed record ExampleEntry(int Status, string? ContentType, string? Body);

/// <summary>A bucket of active subscriptions; which one holds a subscription follows from the hash of its id.</summary>
public sealed record SubscriptionsChunk
{
    /// <summary>The subscriptions, by id.</summary>
    public IReadOnlyList<SubscriptionEntry> Subscriptions { get; set; } = [];
}

/// <summary>One active subscription. Edges get the SHA-256 of the keys, never the keys.</summary>
public sealed record SubscriptionEntry
{
    /// <summary>The subscription's id.</summary>
    public required string Id { get; init; }

    /// <summary>The name shown to people.</summary>
    public required string DisplayName { get; init; }

    /// <summary><c>/apis</c>, <c>/apis/{id}</c>, <c>/products/{id}</c>, or <c>/</c> for the whole service.</summary>
    public required string Scope { get; init; }

    /// <summary>SHA-256 of the UTF-8 primary key, base64.</summary>
    public required string PrimaryKeyHash { get; init; }

    /// <summary>SHA-256 of the UTF-8 secondary key, base64.</summary>
    public required string SecondaryKeyHash { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedDate { get; init; }

    /// <summary>When it was activated; null when that is not known.</summary>
    public DateTimeOffset? StartDate { get; init; }

    /// <summary>When it ended, or is said to end; null when that is not known.</summary>
    public DateTimeOffset? EndDate { get; init; }

    /// <summary>The id of the user it belongs to; null when it stands alone.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public string? OwnerId { get; init; }
}
