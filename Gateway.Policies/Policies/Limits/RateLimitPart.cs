using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Limits;

/// <summary>An <c>api</c> in a <c>rate-limit</c>, or an <c>operation</c> in an <c>api</c>: counted besides the whole, for itself.</summary>
public sealed class RateLimitPart
{
    private string? _id;
    private string? _name;

    /// <summary><c>calls</c> and <c>renewal-period</c>, as those of the whole.</summary>
    public required LimitRule Rule { get; init; }

    /// <summary><c>operation</c>: any number, in an <c>api</c>.</summary>
    public IReadOnlyList<RateLimitPart> Operations { get; private init; } = [];

    internal static RateLimitPart? Parse(PolicyElement element, PolicyParsing parsing, PolicyScope part, LimitOutage? onOutage)
    {
        var read = parsing.Read(element);
        var (id, name) = (read.Optional("id"), read.Optional("name"));
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name))
        {
            parsing.Diagnostics.Error(element, $"The element '{element.Name}' needs the attribute 'id' or 'name'.");
        }

        var (calls, period) = (LimitNumbers.Calls(read), LimitNumbers.Period(read));
        var operations = new List<RateLimitPart>();
        if (part == PolicyScope.Api)
        {
            foreach (var child in read.Children("operation"))
            {
                if (Parse(child, parsing, PolicyScope.Operation, onOutage) is { } operation)
                {
                    operations.Add(operation);
                }
            }
        }

        read.End();
        return calls is null || period is null ? null : new()
        {
            _id = string.IsNullOrEmpty(id) ? null : id,
            _name = name,
            Rule = new() { Calls = calls.Value, PeriodSeconds = period.Value, Scope = parsing.Scope, Part = part, OnOutage = onOutage },
            Operations = operations,
        };
    }

    /// <summary>True for the API or operation that it names; an id wins over a name.</summary>
    internal bool Names(string id, string name) =>
        _id is not null ? _id.Equals(id, StringComparison.OrdinalIgnoreCase) : _name == name;
}
