using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds.Subscriptions;

/// <summary>Subscriptions: the keys that consumers call with.</summary>
public sealed class SubscriptionKind() : ResourceKind("/subscriptions/{sid}")
{
    private const int KeyBytes = 16;

    /// <inheritdoc />
    public override string Summary => "A pair of keys that opens a product, an API or all APIs to a consumer.";

    /// <inheritdoc />
    public override IdRule Id => IdRule.Length256;

    /// <inheritdoc />
    public override ObjectSchema Properties { get; } = new()
    {
        Summary = "A subscription.",
        ["displayName"] = new TextSchema { Summary = "The name shown to people; 1 to 100 characters.", IsRequired = true, Maximum = 100 },
        ["scope"] = new TextSchema
        {
            Summary = "What the keys open: /products/{id}, /apis, /apis/{id}, or / for everything; full ARM ids are shortened.",
            IsRequired = true, Maximum = 1000, Normalize = SubscriptionScope.Normalize, Rule = SubscriptionScope.Check,
        },
        ["ownerId"] = new TextSchema { Summary = "The user it belongs to, /users/{id}; absent when it stands alone.", Maximum = 400, Normalize = ResourcePath.Shorten },
        ["state"] = new ChoiceSchema("active", "suspended", "expired", "submitted", "rejected", "cancelled") { Summary = "Only active subscriptions open anything.", Default = "active" },
        ["stateComment"] = new TextSchema { Summary = "Why it has its state.", Minimum = 0, Maximum = 4000 },
        ["primaryKey"] = Key("primary"),
        ["secondaryKey"] = Key("secondary"),
        ["allowTracing"] = new FlagSchema { Summary = "Whether its calls may be traced.", Default = false },
        ["createdDate"] = Date("When it was made; set by the catalog.") with { IsReadOnly = true },
        ["startDate"] = Date("When it was activated; for the record only."),
        ["expirationDate"] = Date("When it ends; for the record only, nothing expires by itself."),
        ["endDate"] = Date("When it ended; for the record only."),
        ["notificationDate"] = Date("When the consumer was told of the end; for the record only."),
    };

    /// <inheritdoc />
    public override IReadOnlyList<ResourceAction> Actions { get; } =
    [
        new("listSecrets", "Tells both keys.", draft => new ActionOutcome(new JsonObject { ["primaryKey"] = draft.Text("primaryKey"), ["secondaryKey"] = draft.Text("secondaryKey") })),
        new("regeneratePrimaryKey", "Replaces the primary key by a new one.", _ => new ActionOutcome(null, new JsonObject { ["primaryKey"] = NewKey() })),
        new("regenerateSecondaryKey", "Replaces the secondary key by a new one.", _ => new ActionOutcome(null, new JsonObject { ["secondaryKey"] = NewKey() })),
    ];

    /// <inheritdoc />
    public override void Complete(ResourceDraft draft)
    {
        draft.Properties["primaryKey"] ??= NewKey();
        draft.Properties["secondaryKey"] ??= NewKey();
        draft.Properties["createdDate"] ??= draft.Now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    /// <inheritdoc />
    public override IEnumerable<ResourceReference> References(ResourceDraft draft)
    {
        var scope = draft.Text("scope") ?? "/";
        return scope is "/" or "/apis" ? [] : [new(scope, "properties.scope", $"The scope '{scope}' does not exist.")];
    }

    /// <inheritdoc />
    public override IEnumerable<UniqueName> UniqueNames(ResourceDraft draft) =>
        ((string[])["primaryKey", "secondaryKey"]).Select(property => new UniqueName(
            $"subscription-key:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(draft.Text(property) ?? "")))}",
            $"properties.{property}",
            "Another subscription has this key."));

    private static string NewKey() => RandomNumberGenerator.GetHexString(KeyBytes * 2, lowercase: true);

    private static TextSchema Key(string name) => new()
    {
        Summary = $"The {name} key; 1 to 256 printable ASCII characters, unique among all subscriptions; absent: 32 random hex digits, or the present one. Only listSecrets tells it.",
        Maximum = 256,
        IsSecret = true,
        Rule = text => text.Any(c => c is <= ' ' or > '~') ? "must consist of printable ASCII characters without spaces." : null,
    };

    private static TextSchema Date(string summary) => new()
    {
        Summary = summary,
        Maximum = 40,
        Rule = text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _) ? null : "must be a date and time (ISO 8601).",
    };
}
