using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Validation;

/// <summary>What to do with things by name: those that a definition has, and all others; some by rules of their own.</summary>
internal sealed class ValidationRules
{
    private readonly Dictionary<string, PolicySetting<ValidationAction>> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>For those that a definition has.</summary>
    public required PolicySetting<ValidationAction> Specified { get; init; }

    /// <summary>For all others.</summary>
    public required PolicySetting<ValidationAction> Unspecified { get; init; }

    /// <summary>Reads elements with the attributes <paramref name="key"/> and <c>action</c>.</summary>
    public void Read(ElementReader read, string child, string key, PolicyParsing parsing)
    {
        foreach (var element in read.Children(child))
        {
            var reader = parsing.Read(element);
            var name = reader.Required(key);
            var action = reader.RequiredChoiceSetting("action", ValidationReport.Actions);
            reader.End();
            if (name is not null && !_byName.TryAdd(name, action))
            {
                parsing.Diagnostics.Error(element, $"The element '{child}' names something that stands in '{read.Name}' before.");
            }
        }
    }

    /// <summary>What to do with something that a definition has.</summary>
    public ValidationAction ForSpecified(PolicyContext context, string name) => (_byName.TryGetValue(name, out var own) ? own : Specified).For(context);

    /// <summary>What to do with something that no definition has.</summary>
    public ValidationAction ForUnspecified(PolicyContext context, string name) => (_byName.TryGetValue(name, out var own) ? own : Unspecified).For(context);

    /// <summary>Judges the values of one name.</summary>
    public void Judge(PolicyContext context, ValidationReport report, ParameterShape shape, IReadOnlyList<string?> values, string type, string what)
    {
        var action = ForSpecified(context, shape.Name);
        if (action == ValidationAction.Ignore)
        {
            return;
        }

        if (values.Count == 0)
        {
            if (shape.IsRequired)
            {
                report.Add(shape.Name, type, "ValidationError", $"The {what} {shape.Name} is required.", action);
            }

            return;
        }

        foreach (var value in values)
        {
            if (shape.Judge(value ?? "") is { } wrong)
            {
                report.Add(shape.Name, type, "ValidationError", $"The {what} {shape.Name} {wrong}.", action);
            }
        }
    }
}
