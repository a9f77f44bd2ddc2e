using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Sets a variable, which expressions of later policies of the same request find in <c>context.Variables</c>. One that is set already is
/// set anew.
/// </summary>
public sealed class SetVariablePolicy : IPolicy<SetVariablePolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "set-variable" };

    /// <summary><c>name</c>: the variable's name; required.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>value</c>: text, or an expression, whose result is kept with its type, also a JSON object or another that is no plain value; required,
    /// may be empty.
    /// </summary>
    public required PolicySetting<object?> Value { get; init; }

    /// <inheritdoc/>
    public static SetVariablePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var name = read.Required("name");
        var value = read.ValueSetting("value");
        if (element.Attribute("value") is null)
        {
            read.Error("value", "The attribute 'value' is missing.");
        }

        read.End();
        return name is not null && value is { } setting ? new() { Name = name, Value = setting } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        context.Variables[Name] = Value.For(context);
        return ValueTask.CompletedTask;
    }
}
