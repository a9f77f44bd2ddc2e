using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Routing;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Sets, extends or removes a query parameter of the request that is forwarded. Several values become several parameters of the name. Names
/// and values are written unescaped; names are compared in any case.
/// </summary>
public sealed class SetQueryParameterPolicy : IPolicy<SetQueryParameterPolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "set-query-parameter",
        Sections = PolicySection.Inbound | PolicySection.Backend,
    };

    /// <summary><c>name</c>: the parameter's name; required. May be an expression.</summary>
    public required PolicySetting<string> Name { get; init; }

    /// <summary><c>exists-action</c>: <c>override</c> (default), <c>skip</c>, <c>append</c> or <c>delete</c>. May be an expression.</summary>
    public PolicySetting<HeaderAction> ExistsAction { get; init; }

    /// <summary><c>value</c> elements: at least one unless the parameter is deleted. White space at their ends is dropped. Each may be an expression.</summary>
    public required IReadOnlyList<PolicySetting<string>> Values { get; init; }

    /// <inheritdoc/>
    public static SetQueryParameterPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var name = read.RequiredSetting("name");
        var action = read.ChoiceSetting("exists-action", HeaderAction.Override, SetHeaderPolicy.Actions);
        var values = read.Values("value");
        if (!read.Children("value").Any() && action.IsLiteral && action.Literal != HeaderAction.Delete)
        {
            parsing.Diagnostics.Error(element, "The element 'set-query-parameter' needs at least one 'value' unless its exists-action is delete.");
        }

        read.End();
        return name is { } parameter ? new() { Name = parameter, ExistsAction = action, Values = values } : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var (name, action) = (Name.For(context), ExistsAction.For(context));
        var added = action == HeaderAction.Delete ? "" : Pairs(context, name);
        var query = context.Backend.Query;
        if (action != HeaderAction.Skip || !QueryText.Has(query, name))
        {
            context.Backend.Query = QueryText.Join(action == HeaderAction.Append ? query : QueryText.Without(query, [name]), added);
        }

        return ValueTask.CompletedTask;
    }

    private string Pairs(PolicyContext context, string name)
    {
        var pairs = new StringBuilder();
        foreach (var value in Values)
        {
            pairs.Append(pairs.Length == 0 ? '?' : '&').Append(EscapeName(name)).Append('=').Append(Uri.EscapeDataString(value.For(context)));
        }

        return pairs.ToString();
    }

    /// <summary>A dollar sign may stand in a query, and services of OData look for it.</summary>
    private static string EscapeName(string name) => Uri.EscapeDataString(name).Replace("%24", "$", StringComparison.Ordinal);
}
