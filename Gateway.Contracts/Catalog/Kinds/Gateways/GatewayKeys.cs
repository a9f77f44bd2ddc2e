using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Federation;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog.Kinds.Gateways;

/// <summary>The two keys of a gateway, and what is done with them. A gateway that was stored before there were keys gets them at the first use.</summary>
internal static class GatewayKeys
{
    private const int KeyBytes = 32;
    private const string Primary = "primary";
    private const string Secondary = "secondary";

    private static ChoiceSchema KeyType { get; } = new(Primary, Secondary) { Summary = "Which of the two keys: primary or secondary.", IsRequired = true };

    /// <summary>The property that holds a key.</summary>
    public static string Property(string keyType) => keyType + "Key";

    /// <summary>A new random key.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));

    /// <summary>The shape of a key.</summary>
    public static TextSchema Schema(string keyType) => new()
    {
        Summary = $"The {keyType} key, which gateway tokens are signed with: 32 to 256 printable ASCII characters; absent: 32 random bytes in base64, or the present one. Only listKeys tells it.",
        Minimum = 32,
        Maximum = 256,
        IsSecret = true,
        Rule = text => text.Any(c => c is <= ' ' or > '~') ? "must consist of printable ASCII characters without spaces." : null,
    };

    /// <summary>The actions of a gateway.</summary>
    public static IReadOnlyList<ResourceAction> Actions { get; } =
    [
        new("listKeys", "Tells both keys.", draft =>
        {
            var missing = Missing(draft);
            return new ActionOutcome(new JsonObject { [Primary] = Key(draft, missing, Primary), [Secondary] = Key(draft, missing, Secondary) }, missing);
        }),
        new("regenerateKey", "Replaces a key by a new one, which ends all tokens that were made with it.", (_, body) =>
            new ActionOutcome(null, new JsonObject { [Property(Text(body, "keyType"))] = New() }))
        {
            Body = new ObjectSchema { Summary = "Which key to replace.", ["keyType"] = KeyType },
        },
        new("generateToken", "Makes a gateway token with one of the keys.", GenerateToken)
        {
            Body = new ObjectSchema
            {
                Summary = "What to make.",
                ["keyType"] = KeyType,
                ["expiry"] = new TextSchema
                {
                    Summary = "When the token ends (ISO 8601; UTC unless it says otherwise), at most 30 days from now.",
                    IsRequired = true,
                    Maximum = 40,
                    Rule = text => Time(text) is null ? "must be a date and time (ISO 8601)." : null,
                },
            },
        },
    ];

    private static Result<ActionOutcome> GenerateToken(ResourceDraft draft, JsonObject body)
    {
        var expiry = Time(Text(body, "expiry"))!.Value;
        if (expiry <= draft.Now || expiry > draft.Now + GatewayToken.MaximumLife)
        {
            return new GatewayError(
                ErrorKind.ValidationError,
                string.Create(CultureInfo.InvariantCulture, $"'expiry' must be later than now ({draft.Now.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}) and at most {GatewayToken.MaximumLife.Days} days from it.")) { Target = "expiry" };
        }

        var missing = Missing(draft);
        return new ActionOutcome(new JsonObject { ["value"] = GatewayToken.Issue(draft.Name, Key(draft, missing, Text(body, "keyType")), expiry) }, missing);
    }

    private static JsonObject? Missing(ResourceDraft draft)
    {
        var missing = new JsonObject();
        foreach (var property in new[] { Primary, Secondary }.Select(Property).Where(property => draft.Text(property) is null))
        {
            missing[property] = New();
        }

        return missing.Count == 0 ? null : missing;
    }

    private static string Key(ResourceDraft draft, JsonObject? missing, string keyType) =>
        draft.Text(Property(keyType)) ?? (string)missing![Property(keyType)]!;

    private static string Text(JsonObject body, string name) => (string)body[name]!;

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
