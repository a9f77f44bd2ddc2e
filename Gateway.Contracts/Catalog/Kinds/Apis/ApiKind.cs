using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Apis;

/// <summary>APIs: what the gateway serves below a path.</summary>
public sealed class ApiKind() : ResourceKind("/apis/{apiId}")
{
    private const int MaximumServiceUrl = 2000;

    /// <inheritdoc />
    public override string Summary => "An API that the gateway serves below a path.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "An API.",
        ["displayName"] = new TextSchema { Summary = "The name shown to people; 1 to 300 characters.", IsRequired = true, Maximum = 300 },
        ["path"] = new TextSchema
        {
            Summary = "The path prefix below the gateway, unique among the APIs of a host without regard to case, no slashes at its ends; may be empty. Up to 400 characters.",
            IsRequired = true, Minimum = 0, Maximum = 400, Normalize = text => text.Trim('/'), Rule = CheckPath,
        },
        ["hostnames"] = new ListSchema(new TextSchema
        {
            Summary = "A host name without a port, or '*.' and a name for all names below it. Case does not count; an international name is kept in its ASCII form.",
            Maximum = HostNames.Longest, Normalize = HostNames.Normalize, Rule = HostNames.Check,
        })
        {
            Summary = "The hosts that it answers on, at most 50; absent or empty: every host. An extension: the reference product has no such property.", Maximum = 50,
        },
        ["protocols"] = new ListSchema(new ChoiceSchema("http", "https", "ws", "wss") { Summary = "A scheme." })
        {
            Summary = "The schemes it is reachable over; absent: http and https, for a web socket API ws and wss.", Maximum = 4,
        },
        ["serviceUrl"] = new TextSchema
        {
            Summary = "Absolute URL of the default backend (http, https, ws or wss); absent when policies choose one.",
            Maximum = MaximumServiceUrl, Rule = text => UrlRules.Check(text, "http", "https", "ws", "wss"),
        },
        ["type"] = new ChoiceSchema("http", "soap", "websocket", "graphql", "odata", "grpc") { Summary = "The kind of API.", Default = "http" },
        ["description"] = new TextSchema { Summary = "A description.", Minimum = 0, Maximum = 100_000 },
        ["subscriptionRequired"] = new FlagSchema { Summary = "False: callable without a key.", Default = true },
        ["subscriptionKeyParameterNames"] = new ObjectSchema
        {
            Summary = "Where callers put the key.",
            ["header"] = new TextSchema { Summary = "The header's name.", Default = "Ocp-Apim-Subscription-Key", Maximum = 100, Rule = UrlRules.CheckToken },
            ["query"] = new TextSchema { Summary = "The query parameter's name.", Default = "subscription-key", Maximum = 100, Rule = UrlRules.CheckToken },
        },
        ["apiRevision"] = new TextSchema { Summary = "The revision's number.", Default = "1", Maximum = 100 },
        ["apiRevisionDescription"] = new TextSchema { Summary = "What the revision is about.", Minimum = 0, Maximum = 256 },
        ["isCurrent"] = new FlagSchema { Summary = "True when this revision is the one that callers get.", Default = true },
        ["isOnline"] = new FlagSchema { Summary = "True when the revision can be called.", IsReadOnly = true },
        ["apiVersion"] = new TextSchema { Summary = "The version's identifier.", Minimum = 0, Maximum = 100 },
        ["apiVersionDescription"] = new TextSchema { Summary = "What the version is about.", Minimum = 0, Maximum = 256 },
        ["apiVersionSetId"] = new TextSchema { Summary = "The set that the version belongs to.", Maximum = 400, Normalize = ResourcePath.Shorten },
        ["apiVersionSet"] = new AnySchema { Summary = "The set's properties, as informed by exports." },
        ["sourceApiId"] = new TextSchema { Summary = "The API it was made from.", Maximum = 400, Normalize = ResourcePath.Shorten },
        ["authenticationSettings"] = new AnySchema { Summary = "How callers authenticate; shown in the developer portal." },
        ["termsOfServiceUrl"] = new TextSchema { Summary = "Where the terms stand.", Minimum = 0, Maximum = 2000 },
        ["contact"] = new AnySchema { Summary = "Whom to ask: name, url, email." },
        ["license"] = new AnySchema { Summary = "The licence: name, url." },
    };

    /// <inheritdoc />
    public override void Complete(ResourceDraft draft)
    {
        if (draft.Properties["protocols"] is not JsonArray { Count: > 0 })
        {
            draft.Properties["protocols"] = draft.Text("type") == "websocket" ? new JsonArray("ws", "wss") : new JsonArray("http", "https");
        }
    }

    /// <inheritdoc />
    public override IEnumerable<UniqueName> UniqueNames(ResourceDraft draft)
    {
        var path = draft.Text("path") ?? "";
        var name = $"api-path:{path.ToLowerInvariant()}";
        return draft.Properties["hostnames"] is JsonArray { Count: > 0 } hosts
            ? hosts.Select(host => new UniqueName($"{name}@{host}", "properties.path", $"Another API has the path '{path}' on the host '{host}'."))
            : [new UniqueName(name, "properties.path", $"Another API has the path '{path}'.")];
    }

    /// <summary>The built-in gateway serves every new API, until the link is deleted.</summary>
    public override IEnumerable<string> Companions(ResourceDraft draft) => [$"/gateways/{CatalogKeys.ManagedGateway}/apis/{draft.Name}"];

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        if (draft.Name.Contains(';'))
        {
            errors.Add("id", $"'{draft.Name}' names a revision (';rev='): revisions are not supported by this version; use the id before the semicolon.");
        }
    }

    private static string? CheckPath(string path)
    {
        if (path.Length == 0)
        {
            return null;
        }

        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or "." or "..")
            {
                return "must not have empty, '.' or '..' segments.";
            }
        }

        return path.AsSpan().IndexOfAny("?#*{}\\%") >= 0 || path.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? "must be a relative path without white space or any of ? # * { } \\ %."
            : null;
    }
}
