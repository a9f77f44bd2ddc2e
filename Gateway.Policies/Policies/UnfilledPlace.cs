using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies;

/// <summary>
/// A literal that is wrong where a place stands in it which nobody filled in, such as <c>{{seconds}]</c> or <c>x-{Name}</c>. Documents in use hold such texts on
/// ways that no request takes. They are accepted with a warning, and a request that comes there fails as by an expression's wrong value.
/// </summary>
internal static class UnfilledPlace
{
    /// <summary>Begins a named value.</summary>
    public const string Named = "{{";

    /// <summary>Begins a place in texts that have no braces of their own.</summary>
    public const string Any = "{";

    /// <summary>Reports a literal that is wrong.</summary>
    /// <returns>What fails each request; null where no place excuses the literal, which is an error then.</returns>
    public static PolicySetting<T>? Judge<T>(bool isUnfilled, string error, PolicyParsing parsing, PolicyElement element, (int Line, int Column) at)
    {
        if (!isUnfilled)
        {
            parsing.Diagnostics.Add(new(element.Name, at.Line, at.Column, error));
            return null;
        }

        var policy = parsing.Policy;
        parsing.Diagnostics.Add(new(
            element.Name, at.Line, at.Column, $"{error} Its braces are those of a place that was not filled in: a request that comes here fails.", PolicySeverity.Warning));
        return new PolicySetting<T>(_ => throw ExpressionFailures.Validation(policy, error));
    }
}
