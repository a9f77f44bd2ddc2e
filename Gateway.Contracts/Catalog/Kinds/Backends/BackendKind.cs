using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Backends;

/// <summary>Backends: named destinations that policies send requests to.</summary>
public sealed class BackendKind() : ResourceKind("/backends/{backendId}")
{
    private const string Single = "Single";
    private const string Pool = "Pool";

    /// <inheritdoc />
    public override string Summary => "A named destination that policies send requests to, with its credentials.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A backend.",
        ["url"] = new TextSchema { Summary = "Absolute http or https URL; up to 2000 characters. Required unless it is a pool.", Maximum = 2000, Rule = text => UrlRules.Check(text, "http", "https") },
        ["protocol"] = new ChoiceSchema("http", "soap") { Summary = "The protocol spoken. Required unless it is a pool." },
        ["type"] = new ChoiceSchema(Single, Pool) { Summary = "Single is one destination, Pool chooses one of other backends for each request.", Default = Single },
        ["title"] = new TextSchema { Summary = "A title.", Minimum = 0, Maximum = 300 },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 2000 },
        ["resourceId"] = new TextSchema { Summary = "The resource it stands for elsewhere.", Minimum = 0, Maximum = 2000 },
        ["credentials"] = new ObjectSchema
        {
            Summary = "What is sent along with every request to it. Stored encrypted.",
            IsSealed = true,
            ["query"] = Values("Query parameters, by name."),
            ["header"] = Values("Headers, by name."),
            ["authorization"] = new ObjectSchema
            {
                Summary = "The Authorization header.",
                ["scheme"] = new TextSchema { Summary = "The scheme, e.g. Basic.", IsRequired = true, Maximum = 100, Rule = UrlRules.CheckToken },
                ["parameter"] = new TextSchema { Summary = "The parameter.", IsRequired = true, Maximum = 8000, Rule = UrlRules.CheckHeaderValue },
            },
            ["certificateIds"] = new ListSchema(new TextSchema
            {
                Summary = "A certificate, /certificates/{id}.", Maximum = 400, Normalize = ResourcePath.Shorten, Rule = CheckCertificate,
            }) { Summary = "Certificates by which the gateway is known to it; the first that has its private key is shown. Up to 32.", Maximum = 32 },
            ["certificate"] = new ListSchema(new TextSchema { Summary = "A thumbprint.", Rule = CheckThumbprint })
            {
                Summary = "The same by their thumbprints, tried after those by id. Up to 32.", Maximum = 32,
            },
        },
        ["proxy"] = new ObjectSchema
        {
            Summary = "The proxy on the way to it, unless a policy names another. Stored encrypted.",
            IsSealed = true,
            ["url"] = new TextSchema { Summary = "Absolute http or https URL without a user.", IsRequired = true, Maximum = 2000, Rule = CheckProxy },
            ["username"] = new TextSchema { Summary = "Whom it knows; given together with the password.", Maximum = 200 },
            ["password"] = new TextSchema { Summary = "The password.", Maximum = 1000 },
        },
        ["tls"] = new ObjectSchema
        {
            Summary = "How the backend's certificate is checked.",
            ["validateCertificateChain"] = new FlagSchema { Summary = "False: any chain is accepted.", Default = true },
            ["validateCertificateName"] = new FlagSchema { Summary = "False: the certificate may name another host.", Default = true },
        },
        ["pool"] = new ObjectSchema
        {
            Summary = "The members of a pool.",
            ["services"] = new ListSchema(new ObjectSchema
            {
                Summary = "A member.",
                ["id"] = new TextSchema { Summary = "The backend, /backends/{id}; no pool.", IsRequired = true, Maximum = 400, Normalize = ResourcePath.Shorten, Rule = CheckMember },
                ["priority"] = new NumberSchema { Summary = "Members of the lowest number are used; others only while all of these are out of use. 0 to 100.", Maximum = 100, Default = 0 },
                ["weight"] = new NumberSchema { Summary = "Its share of the requests among members of the same priority. 0 to 100; all 0 are equal shares.", Maximum = 100, Default = 0 },
            }) { Summary = "1 to 30 members.", IsRequired = true, Maximum = 30 },
            ["sessionAffinity"] = new ObjectSchema
            {
                Summary = "Keeps the requests of a session at one member.",
                ["sessionId"] = new ObjectSchema
                {
                    Summary = "What names the session.",
                    IsRequired = true,
                    ["source"] = new ChoiceSchema("cookie") { Summary = "Where it is: in a cookie, which the gateway sets.", Default = "cookie" },
                    ["name"] = new TextSchema { Summary = "The cookie's name.", IsRequired = true, Maximum = 100, Rule = UrlRules.CheckToken },
                },
            },
        },
        ["circuitBreaker"] = CircuitBreakerSchema.Make(),
    };

    /// <inheritdoc />
    public override IEnumerable<ResourceReference> References(ResourceDraft draft) =>
    [
        .. Members(draft).Select((id, i) => new ResourceReference(id, $"properties.pool.services[{i}].id", $"The backend '{ResourcePath.Name(id)}' does not exist.")),
        .. Certificates(draft).Select((id, i) => new ResourceReference(
            id, $"properties.credentials.certificateIds[{i}]", $"The certificate '{ResourcePath.Name(id)}' does not exist.")),
    ];

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        CheckType(draft, errors);
        CircuitBreakerSchema.Check(draft.Properties, errors);
        if (draft.Properties["proxy"] is JsonObject proxy && proxy["username"] is null != proxy["password"] is null)
        {
            errors.Add("properties.proxy", "'username' and 'password' are given both or not at all.");
        }

        foreach (var (name, _) in draft.Properties["credentials"]?["header"] as JsonObject ?? [])
        {
            if (UrlRules.CheckToken(name) is { } broken)
            {
                errors.Add($"properties.credentials.header.{name}", $"The header name '{name}' {broken}");
            }
        }
    }

    private static IEnumerable<string> Certificates(ResourceDraft draft) =>
        (draft.Properties["credentials"]?["certificateIds"] as JsonArray ?? []).Select(id => (string?)id).OfType<string>();

    private static string? CheckCertificate(string id) => ResourcePath.IsOf(id, "/certificates") ? null : "must be the path of a certificate, such as /certificates/edge.";

    private static string? CheckThumbprint(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigit) ? null : "must be 40 hex digits.";

    private static string? CheckProxy(string text) =>
        UrlRules.Check(text, "http", "https") ?? (new Uri(text).UserInfo.Length > 0 ? "must not hold a user: 'username' and 'password' say it." : null);

    private static void CheckType(ResourceDraft draft, ErrorList errors)
    {
        if (draft.Text("type") != Pool)
        {
            foreach (var required in (string[])["url", "protocol"])
            {
                if (draft.Text(required) is null)
                {
                    errors.Add($"properties.{required}", $"'properties.{required}' is required.");
                }
            }

            if (draft.Properties["pool"] is not null)
            {
                errors.Add("properties.pool", "Only a backend of type Pool has members.");
            }

            return;
        }

        var members = Members(draft).ToList();
        if (members.Count == 0)
        {
            errors.Add("properties.pool.services", "A pool needs at least one member.");
        }

        if (members.Contains(draft.Id, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add("properties.pool.services", "A pool cannot be a member of itself.");
        }

        if (draft.Properties["circuitBreaker"] is not null)
        {
            errors.Add("properties.circuitBreaker", "A pool has no circuit breaker of its own: its members have.");
        }
    }

    private static IEnumerable<string> Members(ResourceDraft draft) => (draft.Properties["pool"]?["services"] as JsonArray ?? [])
        .Select(member => (string?)member?["id"]).OfType<string>();

    private static string? CheckMember(string id) => ResourcePath.IsOf(id, "/backends") ? null : "must be the path of a backend, such as /backends/orders.";

    private static MapSchema Values(string summary) =>
        new(new ListSchema(new TextSchema { Summary = "A value.", Minimum = 0, Maximum = 8000, Rule = UrlRules.CheckHeaderValue }) { Summary = "Its values.", Maximum = 50 })
        {
            Summary = summary,
        };
}
