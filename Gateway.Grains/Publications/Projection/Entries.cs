using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Publications;

namespace Gateway.Grains.Publications.Projection;

/// <summary>From a resource's properties to what edges get of it, before policies and named values.</summary>
internal static class Entries
{
    public static ApiChunk Api(string id, JsonObject properties)
    {
        var names = properties.Object("subscriptionKeyParameterNames");
        var api = new ApiChunk
        {
            Id = id,
            DisplayName = properties.Text("displayName") ?? id,
            Path = (properties.Text("path") ?? "").Trim('/'),
            Hostnames = properties.Texts("hostnames"),
            Protocols = properties.Texts("protocols"),
            ServiceUrl = properties.Text("serviceUrl") is { Length: > 0 } url ? url : null,
            Type = properties.Text("type") ?? "http",
            Revision = properties.Text("apiRevision") ?? "1",
            SubscriptionRequired = properties.Flag("subscriptionRequired", true),
        };
        api.KeyHeader = names?.Text("header") ?? api.KeyHeader;
        api.KeyQuery = names?.Text("query") ?? api.KeyQuery;
        return api;
    }

    public static OperationEntry Operation(string id, JsonObject properties)
    {
        var (definition, template) = (OperationDefinitions.Of(properties), properties.Text("urlTemplate") ?? "/");
        return new()
        {
            Id = id,
            DisplayName = properties.Text("displayName") ?? id,
            Method = (properties.Text("method") ?? "*").ToUpperInvariant(),
            UrlTemplate = template,
            // Edges of before look for the parameters of a query only where there is a definition.
            Definition = definition.IsEmpty && !template.Contains('?') ? null : definition,
            Examples = [.. Properties.Objects(properties["responses"]).SelectMany(Examples)],
        };
    }

    /// <summary>Documentation may hold anything: what is no example is left out, and what is too long to be sent.</summary>
    private static IEnumerable<ExampleEntry> Examples(JsonObject response)
    {
        var status = response.Number("statusCode") ?? 200;
        var hasAny = false;
        foreach (var representation in Properties.Objects(response["representations"]))
        {
            var type = representation.Text("contentType");
            hasAny = true;
            var bodies = (representation.Object("examples") ?? []).Select(example => Body((example.Value as JsonObject)?["value"]))
                .Where(body => body is { Length: > 0 and <= MaximumExample }).ToList();
            foreach (var body in bodies.Count > 0 ? bodies : [null])
            {
                yield return new(status, type, body);
            }
        }

        if (!hasAny)
        {
            yield return new(status, null, null);
        }
    }

    private const int MaximumExample = 256 * 1024;

    private static string? Body(JsonNode? value) =>
        value is null ? null : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    public static ProductEntry Product(string id, JsonObject properties) => new()
    {
        Id = id,
        DisplayName = properties.Text("displayName") ?? id,
        SubscriptionRequired = properties.Flag("subscriptionRequired", true),
        ApprovalRequired = properties.Flag("approvalRequired", false),
        Published = properties.Text("state") == "published",
        SubscriptionsLimit = properties.Number("subscriptionsLimit"),
    };

    /// <summary>Null when the subscription is not active: edges do not know it then.</summary>
    public static SubscriptionEntry? Subscription(string id, JsonObject properties)
    {
        if (properties.Text("state") is { } state && state != "active")
        {
            return null;
        }

        return properties.Text("primaryKey") is { Length: > 0 } primary && properties.Text("secondaryKey") is { Length: > 0 } secondary
            ? new SubscriptionEntry
            {
                Id = id,
                DisplayName = properties.Text("displayName") ?? id,
                Scope = properties.Text("scope") ?? "",
                PrimaryKeyHash = Hash(primary),
                SecondaryKeyHash = Hash(secondary),
                CreatedDate = Date(properties.Text("createdDate")) ?? default,
                StartDate = Date(properties.Text("startDate")),
                EndDate = Date(properties.Text("endDate")) ?? Date(properties.Text("expirationDate")),
                OwnerId = properties.Text("ownerId")?.Split('/')[^1] is { Length: > 0 } owner ? owner : null,
            }
            : null;
    }

    /// <summary>A backend; <paramref name="expand"/> puts named values into its texts.</summary>
    public static BackendEntry Backend(string id, JsonObject properties, Func<string, string> expand)
    {
        var credentials = properties.Object("credentials");
        var tls = properties.Object("tls");
        var authorization = credentials?.Object("authorization");
        return new BackendEntry
        {
            Id = id,
            Url = expand(properties.Text("url") ?? "").TrimEnd('/'),
            ValidateCertificateChain = tls?.Flag("validateCertificateChain", true) ?? true,
            ValidateCertificateName = tls?.Flag("validateCertificateName", true) ?? true,
            Headers = Lists(credentials?.Object("header"), expand),
            Query = Lists(credentials?.Object("query"), expand),
            Authorization = authorization?.Text("scheme") is { Length: > 0 } scheme
                ? expand($"{scheme} {authorization.Text("parameter")}".TrimEnd())
                : null,
            Certificates = [.. Properties.Texts(credentials?["certificateIds"]).Select(ResourcePath.Name)],
            CertificateThumbprints = [.. Properties.Texts(credentials?["certificate"])],
            Proxy = properties.Object("proxy") is { } proxy
                ? new ProxyEntry(proxy.Text("url") ?? "", proxy.Text("username") is { } user ? expand(user) : null, proxy.Text("password") is { } password ? expand(password) : null)
                : null,
            Pool = properties.Object("pool") is not { } pool ? null : [.. Properties.Objects(pool["services"]).Select(member => new PoolMemberEntry(
                ResourcePath.Name(member.Text("id") ?? ""), member.Number("priority") ?? 0, member.Number("weight") ?? 0))],
            SessionCookie = properties.Object("pool")?.Object("sessionAffinity")?.Object("sessionId")?.Text("name"),
            CircuitBreaker = Properties.Objects(properties.Object("circuitBreaker")?["rules"]).Select(CircuitBreaker).FirstOrDefault(),
        };
    }

    public static CertificateEntry Certificate(string id, JsonObject properties) => new()
    {
        Id = id,
        Data = properties.Text("data") ?? "",
        Password = properties.Text("password") is { Length: > 0 } password ? password : null,
    };

    /// <summary>A logger; <paramref name="expand"/> puts named values into its credentials.</summary>
    public static LoggerEntry Logger(string id, JsonObject properties, Func<string, string> expand) => new()
    {
        Id = id,
        Type = properties.Text("loggerType") ?? "",
        Credentials = properties.Object("credentials") is not { } credentials ? []
            : [.. credentials.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new NamedText(pair.Key, expand(credentials.Text(pair.Key) ?? "")))],
        IsBuffered = properties.Flag("isBuffered", true),
    };

    public static SchemaEntry Schema(string id, JsonObject properties) => new()
    {
        Id = id,
        Type = properties.Text("schemaType") ?? "json",
        Text = properties.Text("value") ?? properties.Object("document")?.ToJsonString() ?? "",
    };

    /// <summary>Types of an API.</summary>
    public static SchemaEntry ApiSchema(string id, JsonObject properties)
    {
        var document = properties.Object("document") ?? [];
        foreach (var (member, pointer) in ((string, string)[])[("components", "#/components/schemas/"), ("definitions", "#/definitions/")])
        {
            if (document.Object(member) is { } types)
            {
                return new() { Id = id, Type = "json", Text = new JsonObject { [member] = types.DeepClone() }.ToJsonString(), Types = pointer };
            }
        }

        var isXml = properties.Text("contentType")?.Contains("xml", StringComparison.OrdinalIgnoreCase) ?? false;
        return new() { Id = id, Type = isXml ? "xml" : "json", Text = document.Text("value") ?? "" };
    }

    private static CircuitBreakerEntry CircuitBreaker(JsonObject rule)
    {
        var failures = rule.Object("failureCondition");
        return new()
        {
            Name = rule.Text("name") ?? "",
            Count = failures?.Number("count"),
            Percentage = failures?.Number("percentage"),
            Interval = Period(failures?.Text("interval")),
            Statuses = [.. Properties.Objects(failures?["statusCodeRanges"]).Select(range => new StatusRange(range.Number("min") ?? 0, range.Number("max") ?? 0))],
            Reasons = failures?.Texts("errorReasons") ?? [],
            TripDuration = Period(rule.Text("tripDuration")),
            AcceptRetryAfter = rule.Flag("acceptRetryAfter", false),
        };
    }

    private static TimeSpan Period(string? text) => text is null ? TimeSpan.Zero : XmlConvert.ToTimeSpan(text);

    private static NamedValues[] Lists(JsonObject? lists, Func<string, string> expand) =>
        lists is null ? [] : [.. lists.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list =>
            new NamedValues(list.Key, [.. Properties.Texts(list.Value).Select(expand)]))];

    private static string Hash(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static DateTimeOffset? Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;
}
