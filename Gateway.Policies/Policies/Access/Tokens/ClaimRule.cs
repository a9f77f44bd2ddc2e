using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;

namespace Gateway.Policies.Policies.Access.Tokens;

/// <summary>A claim that a token must have: <c>required-claims/claim</c>.</summary>
internal sealed class ClaimRule
{
    private static readonly (string, bool)[] s_matches = [("all", true), ("any", false)];
    private string _name = "";
    private PolicySetting<bool> _all;
    private string? _separator;
    private IReadOnlyList<PolicySetting<string>> _values = [];

    /// <summary>True when it holds no expression.</summary>
    public bool IsLiteral => _all.IsLiteral && _values.All(value => value.IsLiteral);

    /// <summary>Reads the claims in <c>required-claims</c>.</summary>
    public static ClaimRule[] ReadAll(ElementReader policy, PolicyParsing parsing)
    {
        if (policy.Child("required-claims") is not { } list)
        {
            return [];
        }

        var read = parsing.Read(list);
        ClaimRule[] rules = [.. read.Children("claim").Select(child => Read(child, parsing))];
        read.End();
        return rules;
    }

    /// <summary>What is wrong with a token's claim; null when nothing is.</summary>
    public TokenFault? Judge(PolicyContext context, Jwt token)
    {
        if (!token.Claims.TryGetValue(_name, out var held))
        {
            return TokenFault.ClaimNotFound(_name);
        }

        if (_values.Count == 0)
        {
            return null;
        }

        var found = string.IsNullOrEmpty(_separator) ? held
            : [.. held.SelectMany(value => value.Split(_separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var all = _all.For(context);
        foreach (var value in _values)
        {
            if (Array.IndexOf(found, value.For(context)) >= 0 != all)
            {
                return all ? TokenFault.ClaimValueNotAllowed(_name) : null;
            }
        }

        return all ? null : TokenFault.ClaimValueNotAllowed(_name);
    }

    private static ClaimRule Read(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var rule = new ClaimRule
        {
            _name = read.Required("name") ?? "",
            _all = read.ChoiceSetting("match", true, s_matches),
            // A space separates, so it stays.
            _separator = element.Attribute("separator")?.Value.Literal,
            _values = read.Values("value"),
        };
        read.Optional("separator");
        read.End();
        return rule;
    }
}
