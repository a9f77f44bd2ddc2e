using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Backends;

/// <summary>Backends: named destinations that policies send requests to.</summary>
public sealed class BackendKind() : ResourceKind("/backends/{backendId}")
{
    /// <inheritdoc />
    public override string Summary => "A named destination that policies send requests to, with its credentials.";

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A backend.",
        ["url"] = new TextSchema { Summary = "Absolute http or https URL; up to 2000 characters.", IsRequired = true, Maximum = 2000, Rule = text => UrlRules.Check(text, "http", "https") },
        ["protocol"] = new ChoiceSchema("http", "soap") { Summary = "The protocol spoken.", IsRequired = true },
        ["type"] = new ChoiceSchema("Single") { Summary = "One destination.", Default = "Single" },
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
        },
        ["tls"] = new ObjectSchema
        {
            Summary = "How the backend's certificate is checked.",
            ["validateCertificateChain"] = new FlagSchema { Summary = "False: any chain is accepted.", Default = true },
            ["validateCertificateName"] = new FlagSchema { Summary = "False: the certificate may name another host.", Default = true },
        },
    };

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        foreach (var (name, _) in draft.Properties["credentials"]?["header"] as JsonObject ?? [])
        {
            if (UrlRules.CheckToken(name) is { } broken)
            {
                errors.Add($"properties.credentials.header.{name}", $"The header name '{name}' {broken}");
            }
        }
    }

    private static MapSchema Values(string summary) =>
        new(new ListSchema(new TextSchema { Summary = "A value.", Minimum = 0, Maximum = 8000, Rule = UrlRules.CheckHeaderValue }) { Summary = "Its values.", Maximum = 50 })
        {
            Summary = summary,
        };
}
