namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>What an id may look like.</summary>
/// <param name="MaximumLength">Characters at most.</param>
/// <param name="Summary">The rule in words, for error messages.</param>
public sealed record IdRule(int MaximumLength, string Summary)
{
    private const string Forbidden = "*#&+:<>?/\\%\"'|";

    /// <summary>1 to 80 characters: APIs, operations, backends, gateways.</summary>
    public static IdRule Length80 { get; } = new(80, "1 to 80 characters without white space, control characters or any of * # & + : < > ? / \\ % \" ' |, not . or ..");

    /// <summary>1 to 256 characters: products, subscriptions, named values.</summary>
    public static IdRule Length256 { get; } = new(256, "1 to 256 characters without white space, control characters or any of * # & + : < > ? / \\ % \" ' |, not . or ..");

    /// <summary>True when the id obeys the rule.</summary>
    public bool Allows(ReadOnlySpan<char> id)
    {
        if (id.Length == 0 || id.Length > MaximumLength || id is "." or "..")
        {
            return false;
        }

        foreach (var c in id)
        {
            if (char.IsControl(c) || char.IsWhiteSpace(c) || Forbidden.Contains(c))
            {
                return false;
            }
        }

        return true;
    }
}
