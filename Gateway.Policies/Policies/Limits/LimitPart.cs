using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Limits;

/// <summary>An <c>api</c> in a <c>rate-limit</c> or <c>quota</c>, or an <c>operation</c> in an <c>api</c>: counted besides the whole, for itself.</summary>
public sealed class LimitPart
{
    private string? _id;
    private string? _name;

    /// <summary>What it limits: the same attributes as the whole.</summary>
    public required IReadOnlyList<LimitRule> Rules { get; init; }

    /// <summary><c>operation</c>: any number, in an <c>api</c>.</summary>
    public IReadOnlyList<LimitPart> Operations { get; private init; } = [];

    /// <summary>Reads the <c>api</c> elements of a limit.</summary>
    internal static IReadOnlyList<LimitPart> ParseApis(ElementReader read, PolicyParsing parsing, IReadOnlyList<LimitRule>? whole, LimitRuleReader rules) =>
        ParseAll(read, parsing, PolicyScope.Api, whole, rules);

    /// <summary>The part that names the API of a request; null when none does.</summary>
    internal static LimitPart? ForApi(IReadOnlyList<LimitPart> apis, PolicyContext context) =>
        context.Api is { } api ? Find(apis, api.Id, api.Name) : null;

    /// <summary>The part of this one that names the operation of a request; null when none does.</summary>
    internal LimitPart? ForOperation(PolicyContext context) =>
        context.Operation is { } operation ? Find(Operations, operation.Id, operation.Name) : null;

    private static LimitPart[] ParseAll(ElementReader read, PolicyParsing parsing, PolicyScope part, IReadOnlyList<LimitRule>? outer, LimitRuleReader rules) =>
        [.. read.Children(part.Name()).Select(child => Parse(child, parsing, part, outer, rules)).OfType<LimitPart>()];

    private static LimitPart? Parse(PolicyElement element, PolicyParsing parsing, PolicyScope part, IReadOnlyList<LimitRule>? outer, LimitRuleReader rules)
    {
        var read = parsing.Read(element);
        var (id, name) = (read.Optional("id"), read.Optional("name"));
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(name))
        {
            parsing.Diagnostics.Error(element, $"The element '{element.Name}' needs the attribute 'id' or 'name'.");
        }

        var own = rules(read, part, outer);
        var operations = part == PolicyScope.Api ? ParseAll(read, parsing, PolicyScope.Operation, own ?? outer, rules) : [];
        read.End();
        return own is null ? null : new()
        {
            _id = string.IsNullOrEmpty(id) ? null : id,
            _name = name,
            Rules = own,
            Operations = operations,
        };
    }

    private static LimitPart? Find(IReadOnlyList<LimitPart> parts, string id, string name)
    {
        foreach (var part in parts)
        {
            if (part.Names(id, name))
            {
                return part;
            }
        }

        return null;
    }

    /// <summary>True for the API or operation that it names; an id wins over a name.</summary>
    private bool Names(string id, string name) => _id is not null ? _id.Equals(id, StringComparison.OrdinalIgnoreCase) : _name == name;
}

/// <summary>Reads what an element limits; null after an error.</summary>
/// <param name="read">The element.</param>
/// <param name="part">The part that it is; null for the whole.</param>
/// <param name="outer">What limits the element that it is in; null for the whole, and after an error there.</param>
internal delegate IReadOnlyList<LimitRule>? LimitRuleReader(ElementReader read, PolicyScope? part, IReadOnlyList<LimitRule>? outer);
