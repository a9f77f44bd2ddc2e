using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
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

    public static OperationEntry Operation(string id, JsonObject properties) => new()
    {
        Id = id,
        DisplayName = properties.Text("displayName") ?? id,
        Method = (properties.Text("method") ?? "*").ToUpperInvariant(),
        UrlTemplate = properties.Text("urlTemplate") ?? "/",
    };

    public static ProductEntry Product(string id, JsonObject properties) => new()
    {
        Id = id,
        DisplayName = properties.Text("displayName") ?? id,
        SubscriptionRequired = properties.Flag("subscriptionRequired", true),
        ApprovalRequired = properties.Flag("approvalRequired", false),
        Published = properties.Text("state") == "published",
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
                CreatedDate = Date(properties.Text("createdDate")),
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
        };
    }

    private static NamedValues[] Lists(JsonObject? lists, Func<string, string> expand) =>
        lists is null ? [] : [.. lists.OrderBy(list => list.Key, StringComparer.Ordinal).Select(list =>
            new NamedValues(list.Key, [.. Properties.Texts(list.Value).Select(expand)]))];

    private static string Hash(string key) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static DateTimeOffset Date(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : default;
}
