using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.NamedValues;

/// <summary>Named values: texts that policy documents hold as <c>{{name}}</c>.</summary>
public sealed class NamedValueKind() : ResourceKind("/namedValues/{namedValueId}")
{
    /// <inheritdoc />
    public override string Summary => "A text that policy documents hold as {{name}}.";

    /// <inheritdoc />
    public override IdRule Id => IdRule.Length256;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A named value.",
        ["displayName"] = new TextSchema
        {
            Summary = "The name that documents use; unique; 1 to 256 letters, digits, '.', '-' and '_'.",
            IsRequired = true, Maximum = 256, Rule = CheckName,
        },
        ["value"] = new TextSchema
        {
            Summary = "The text; 1 to 4096 characters, not blank. With secret it is stored encrypted and only listValue tells it; a PUT without it keeps it.",
            Rule = text => string.IsNullOrWhiteSpace(text) ? "must not be blank." : null,
        },
        ["secret"] = new FlagSchema { Summary = "True: the value is a secret.", Default = false },
        ["tags"] = new ListSchema(new TextSchema { Summary = "A tag.", Maximum = 160 }) { Summary = "Tags to filter by; up to 32.", Maximum = 32 },
    };

    /// <inheritdoc />
    public override IReadOnlyList<ResourceAction> Actions { get; } =
    [
        new("listValue", "Tells the value, also of a secret.", draft => new ActionOutcome(new JsonObject { ["value"] = draft.Text("value") })),
    ];

    /// <summary>The unique name of the named value that documents call <c>{{name}}</c>, without regard to case.</summary>
    public static string UniqueName(string displayName) => $"named-value:{displayName.ToLowerInvariant()}";

    /// <inheritdoc />
    public override bool IsSecret(string property, JsonObject properties) =>
        property == "value" && properties["secret"] is JsonValue secret && secret.TryGetValue<bool>(out var flag) && flag;

    /// <inheritdoc />
    public override IEnumerable<UniqueName> UniqueNames(ResourceDraft draft) =>
        [new(UniqueName(draft.Text("displayName") ?? ""), "properties.displayName", $"Another named value has the name '{draft.Text("displayName")}'.")];

    /// <inheritdoc />
    public override void Check(ResourceDraft draft, ErrorList errors)
    {
        if (draft.Text("value") is null)
        {
            errors.Add("properties.value", "'properties.value' is required.");
        }
    }

    private static string? CheckName(string text) =>
        text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? null : "must consist of ASCII letters, digits, '.', '-' and '_'.";
}
