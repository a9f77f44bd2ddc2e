using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>The content types that bodies are judged as, instead of their own: <c>content-type-map</c>.</summary>
internal sealed class ContentTypeMap
{
    private readonly List<(string? From, PolicySetting<bool> When, string To)> _types = [];
    private string? _any;
    private string? _missing;

    /// <summary>Reads the element, if there is one.</summary>
    public static ContentTypeMap Read(ElementReader policy, PolicyParsing parsing)
    {
        var map = new ContentTypeMap();
        if (policy.Child("content-type-map") is not { } element)
        {
            return map;
        }

        var read = parsing.Read(element);
        map._any = read.Optional("any-content-type-value");
        map._missing = read.Optional("missing-content-type-value");
        foreach (var child in read.Children("type"))
        {
            var reader = parsing.Read(child);
            var to = reader.Required("to");
            var from = reader.Optional("from");
            var when = reader.BooleanSetting("when");
            if (reader.Has("from") == reader.Has("when"))
            {
                parsing.Diagnostics.Error(child, "The element 'type' needs either the attribute 'from' or 'when'.");
            }

            reader.End();
            if (to is not null)
            {
                map._types.Add((from, when ?? new(false), to));
            }
        }

        read.End();
        return map;
    }

    /// <summary>The type that a body is judged as.</summary>
    /// <param name="context">The request.</param>
    /// <param name="type">Its own; empty without one.</param>
    public string For(PolicyContext context, string type)
    {
        foreach (var (from, when, to) in _types)
        {
            if (from?.Equals(type, StringComparison.OrdinalIgnoreCase) ?? when.For(context))
            {
                return to;
            }
        }

        return !string.IsNullOrEmpty(_any) ? _any
            : type.Length == 0 ? _missing ?? ""
            : type;
    }
}
