using Gateway.Policies.Documents;

namespace Gateway.Policies.Policies;

/// <summary>
/// Reads the settings of one element and reports what is wrong with them. Messages name attributes and what is allowed, never
/// the value that was written: it may come from a secret named value. End with <see cref="End"/>.
/// </summary>
public sealed class ElementReader(PolicyElement element, PolicyDiagnostics diagnostics)
{
    private readonly HashSet<string> _attributes = new(StringComparer.Ordinal) { "id" };
    private readonly HashSet<string> _children = new(StringComparer.Ordinal);
    private bool _readsText;
    private bool _readsAllChildren;

    /// <summary>The text of an attribute that must be there and must not be empty; null after an error.</summary>
    public string? Required(string name)
    {
        var value = Optional(name);
        if (element.Attribute(name) is null)
        {
            diagnostics.Error(element, $"The attribute '{name}' is missing.");
        }
        else if (value?.Length == 0)
        {
            Error(name, $"The attribute '{name}' must not be empty.");
            return null;
        }

        return value;
    }

    /// <summary>The text of an attribute; null when it is not written or after an error.</summary>
    public string? Optional(string name)
    {
        _attributes.Add(name);
        if (element.Attribute(name) is not { } attribute)
        {
            return null;
        }

        if (attribute.Value.Literal is not { } literal)
        {
            diagnostics.RefuseExpression(element, attribute.Line, attribute.Column);
            return null;
        }

        return literal.Trim();
    }

    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    public bool Boolean(string name, bool whenAbsent)
    {
        if (Optional(name) is not { } text)
        {
            return whenAbsent;
        }

        if (bool.TryParse(text, out var value))
        {
            return value;
        }

        Error(name, $"The attribute '{name}' must be true or false.");
        return whenAbsent;
    }

    /// <summary>A whole number within bounds; null when it is not written or after an error.</summary>
    public int? Integer(string name, int minimum, int maximum)
    {
        if (Optional(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Error(name, $"The attribute '{name}' must be a whole number from {minimum} to {maximum}.");
        return null;
    }

    /// <summary>One of several words.</summary>
    public T Choice<T>(string name, T whenAbsent, IReadOnlyList<(string Word, T Meaning)> words)
    {
        if (Optional(name) is not { } text)
        {
            return whenAbsent;
        }

        foreach (var (word, meaning) in words)
        {
            if (word == text)
            {
                return meaning;
            }
        }

        Error(name, $"The attribute '{name}' must be {PolicyNames.Join([.. words.Select(w => w.Word)])}.");
        return whenAbsent;
    }

    /// <summary>Refuses an attribute that the reference product has and this version has not.</summary>
    public void NotSupported(string name, string? because = null)
    {
        if (_attributes.Add(name) && element.Attribute(name) is not null)
        {
            Error(name, $"The attribute '{name}' is not supported by this version{(because is null ? "" : $": {because}")}.");
        }
    }

    /// <summary>The child elements of one name, in order.</summary>
    public IEnumerable<PolicyElement> Children(string name)
    {
        _children.Add(name);
        return element.Children.Where(child => child.Name == name);
    }

    /// <summary>The child element of a name that may stand there once.</summary>
    public PolicyElement? Child(string name)
    {
        PolicyElement? only = null;
        foreach (var child in Children(name))
        {
            if (only is not null)
            {
                diagnostics.Error(child, $"The element '{name}' may stand only once in '{element.Name}'.");
            }

            only ??= child;
        }

        return only;
    }

    /// <summary>All child elements, in order: the caller judges their names.</summary>
    public IReadOnlyList<PolicyElement> AllChildren()
    {
        _readsAllChildren = true;
        return element.Children;
    }

    /// <summary>The text between the tags, as it stands; empty when there is none, null after an error.</summary>
    public string? Text()
    {
        _readsText = true;
        if (element.Text is not { } text)
        {
            return "";
        }

        if (text.Value.Literal is not { } literal)
        {
            diagnostics.RefuseExpression(element, text.Line, text.Column);
            return null;
        }

        return literal;
    }

    /// <summary>Adds an error at an attribute, or at the element when the attribute is not written.</summary>
    public void Error(string attribute, string message)
    {
        if (element.Attribute(attribute) is { } at)
        {
            diagnostics.Error(element, at, message);
        }
        else
        {
            diagnostics.Error(element, message);
        }
    }

    /// <summary>Reports everything that was written and not asked for.</summary>
    public void End()
    {
        foreach (var attribute in element.Attributes)
        {
            if (!_attributes.Contains(attribute.Name))
            {
                diagnostics.Error(element, attribute, $"The element '{element.Name}' has no attribute '{attribute.Name}'.");
            }
        }

        foreach (var child in element.Children)
        {
            if (!_readsAllChildren && !_children.Contains(child.Name))
            {
                diagnostics.Error(child, $"The element '{child.Name}' may not stand in '{element.Name}'.");
            }
        }

        if (!_readsText && element.Text is { } text)
        {
            diagnostics.Error(element, text, $"The element '{element.Name}' may not hold text.");
        }
    }
}
