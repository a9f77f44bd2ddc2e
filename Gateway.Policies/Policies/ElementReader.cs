using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies;

/// <summary>
/// Reads the settings of one element and reports what is wrong with them. Messages name attributes and what is allowed, never
/// the value that was written: it may come from a secret named value. End with <see cref="End"/>.
/// </summary>
public sealed class ElementReader(PolicyElement element, PolicyParsing parsing)
{
    private static readonly SettingType<string?> s_text = new("text", ExpressionValues.Text, static _ => true);

    private readonly PolicyDiagnostics _diagnostics = parsing.Diagnostics;
    private readonly HashSet<string> _attributes = new(StringComparer.Ordinal) { "id" };
    private readonly HashSet<string> _children = new(StringComparer.Ordinal);
    private bool _readsText;
    private bool _readsAllChildren;

    /// <summary>The element's name.</summary>
    public string Name => element.Name;

    /// <summary>Reads elements within this one.</summary>
    internal PolicyParsing Parsing => parsing;

    /// <summary>The element's own id, as the author wrote it; null without one.</summary>
    public string? Id => element.Attribute("id")?.Value.Literal;

    /// <summary>True when the attribute is written.</summary>
    public bool Has(string name) => element.Attribute(name) is not null;

    /// <summary>The text of an attribute that must be there and must not be empty; null after an error.</summary>
    public string? Required(string name)
    {
        var value = Optional(name);
        RequireAttribute(name);
        if (value?.Length == 0)
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
            _diagnostics.Error(element, attribute, $"The attribute '{name}' may not be an expression.");
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

        Error(name, OutOfBounds(name, minimum, maximum));
        return null;
    }

    /// <summary>One of several words.</summary>
    public T Choice<T>(string name, T whenAbsent, IReadOnlyList<(string Word, T Meaning)> words)
    {
        if (Optional(name) is not { } text)
        {
            return whenAbsent;
        }

        if (Choose(name, text, words, out var meaning) is not { } error)
        {
            return meaning;
        }

        Error(name, error);
        return whenAbsent;
    }

    /// <summary>An attribute that may be an expression; null when it is not written or after an error.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="read">
    /// Reads the text, without white space at its ends, or says what is wrong with it, as a sentence that does not quote it. What it says of a
    /// literal refuses the document, of an expression's value it fails the request.
    /// </param>
    /// <param name="isTrimmed">False: white space at the ends of a literal is part of it.</param>
    /// <param name="unfilled">What begins a place that an author has to fill in; a wrong literal that holds it fails requests instead.</param>
    public PolicySetting<T>? Setting<T>(string name, SettingReader<string, T> read, bool isTrimmed = true, string unfilled = UnfilledPlace.Named)
    {
        _attributes.Add(name);
        if (element.Attribute(name) is not { } attribute)
        {
            return null;
        }

        if (attribute.Value.Literal is not { } literal)
        {
            return parsing.Bind(
                element, attribute, s_text, (string? text, out T made) => read(text ?? "", out made));
        }

        return read(isTrimmed ? literal.Trim() : literal, out var value) is { } error
            ? UnfilledPlace.Judge<T>(literal.Contains(unfilled, StringComparison.Ordinal), error, parsing, element, (attribute.Line, attribute.Column))
            : new(value);
    }

    /// <summary>An attribute of any text that may be an expression; null when it is not written or after an error.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="check">Says what is wrong with a text, as a sentence that does not quote it; null when nothing is.</param>
    /// <param name="unfilled">As of <see cref="Setting"/>.</param>
    public PolicySetting<string>? TextSetting(string name, Func<string, string?>? check = null, string unfilled = UnfilledPlace.Named) => Setting<string>(
        name, (string text, out string value) => check?.Invoke(value = text) ?? Right(text, out value), unfilled: unfilled);

    /// <summary>An attribute that must be there and is taken with the white space at its ends; may be an expression. Null after an error.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="check">Says what is wrong with a text, as a sentence that does not quote it; null when nothing is.</param>
    public PolicySetting<string>? Untrimmed(string name, Func<string, string?>? check = null)
    {
        RequireAttribute(name);
        return Setting<string>(name, (string text, out string value) => check?.Invoke(value = text) ?? Right(text, out value), isTrimmed: false);
    }

    /// <summary>An attribute that must be there and must not be empty, and may be an expression; null after an error.</summary>
    /// <param name="name">The attribute.</param>
    /// <param name="check">Says what is wrong with a text, as a sentence that does not quote it; null when nothing is.</param>
    /// <param name="unfilled">As of <see cref="Setting"/>.</param>
    public PolicySetting<string>? RequiredSetting(string name, Func<string, string?>? check = null, string unfilled = UnfilledPlace.Named)
    {
        RequireAttribute(name);
        return TextSetting(name, text => text.Length == 0 ? $"The attribute '{name}' must not be empty." : check?.Invoke(text), unfilled);
    }

    /// <summary>An attribute that is <c>true</c> or <c>false</c> in any case, or an expression; null when it is not written or after an error.</summary>
    public PolicySetting<bool>? BooleanSetting(string name)
    {
        if (element.Attribute(name) is { Value.IsLiteral: false } attribute)
        {
            _attributes.Add(name);
            return parsing.Bind<bool, bool>(
                element, attribute, new("true or false", ExpressionValues.Truth, ExpressionValues.CanBeTruth), Right);
        }

        var value = Boolean(name, false);
        return element.Attribute(name) is null ? null : new(value);
    }

    /// <summary>
    /// An attribute that is a whole number within bounds, or an expression; null when it is not written or after an error.
    /// </summary>
    public PolicySetting<int>? IntegerSetting(string name, int minimum, int maximum)
    {
        if (element.Attribute(name) is { Value.IsLiteral: false } attribute)
        {
            _attributes.Add(name);
            return parsing.Bind(
                element, attribute, new SettingType<long>("a whole number", ExpressionValues.Integer, ExpressionValues.CanBeInteger),
                (long number, out int value) =>
                {
                    value = number >= minimum && number <= maximum ? (int)number : minimum;
                    return value == number ? null : OutOfBounds(name, minimum, maximum);
                });
        }

        return Setting(name, (string text, out int number) =>
            int.TryParse(text, out number) && number >= minimum && number <= maximum ? null : OutOfBounds(name, minimum, maximum), unfilled: UnfilledPlace.Any);
    }

    /// <summary>An attribute that must be there and is a whole number within bounds, or an expression; null after an error.</summary>
    public PolicySetting<int>? RequiredIntegerSetting(string name, int minimum, int maximum)
    {
        RequireAttribute(name);
        return IntegerSetting(name, minimum, maximum);
    }

    /// <summary>An attribute that is one of several words, or an expression.</summary>
    public PolicySetting<T> ChoiceSetting<T>(string name, T whenAbsent, IReadOnlyList<(string Word, T Meaning)> words) =>
        Setting(name, (string text, out T meaning) => Choose(name, text, words, out meaning)) ?? new(whenAbsent);

    /// <summary>An attribute that must be there and is one of several words, or an expression.</summary>
    public PolicySetting<T> RequiredChoiceSetting<T>(string name, IReadOnlyList<(string Word, T Meaning)> words)
    {
        RequireAttribute(name);
        return ChoiceSetting(name, words[0].Meaning, words);
    }

    /// <summary>
    /// An attribute whose expression may give a value of any type, while a literal is text; null when it is not written or after an error.
    /// </summary>
    public PolicySetting<object?>? ValueSetting(string name)
    {
        _attributes.Add(name);
        return element.Attribute(name) is not { } attribute ? null
            : attribute.Value.Literal is { } literal ? new(literal)
            : parsing.Bind<object?, object?>(element, attribute, new("a value", static value => value, static _ => true), Right);
    }

    /// <summary>The text between the tags, or what an expression there gives as text; null after an error.</summary>
    /// <param name="read">Reads the text or says what is wrong with it, as a sentence that does not quote it.</param>
    public PolicySetting<T>? Content<T>(SettingReader<string, T> read)
    {
        _readsText = true;
        if (element.Text is { Value.IsLiteral: false } text)
        {
            return parsing.Bind(
                element, text, s_text, (string? result, out T made) => read(result ?? "", out made));
        }

        if (read(element.Text?.Value.Literal ?? "", out var value) is not { } error)
        {
            return new(value);
        }

        return UnfilledPlace.Judge<T>(
            element.Text?.Value.Literal?.Contains(UnfilledPlace.Any, StringComparison.Ordinal) == true, error, parsing, element,
            element.Text is { } at ? (at.Line, at.Column) : (element.Line, element.Column));
    }

    /// <summary>The text between the tags as a body in UTF-8, or what an expression there gives: bytes, or else text; null after an error.</summary>
    public PolicySetting<ReadOnlyMemory<byte>>? BodyContent()
    {
        _readsText = true;
        return element.Text is { Value.IsLiteral: false } text
            ? parsing.Bind<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(
                element, text, new("a body", ExpressionValues.Body, static _ => true), Right)
            : new(Encoding.UTF8.GetBytes(element.Text?.Value.Literal ?? ""));
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
                _diagnostics.Error(child, $"The element '{name}' may stand only once in '{element.Name}'.");
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
            _diagnostics.Error(element, text, $"The text of '{element.Name}' may not be an expression.");
            return null;
        }

        return literal;
    }

    /// <summary>Adds an error at an attribute, or at the element when the attribute is not written.</summary>
    public void Error(string attribute, string message)
    {
        if (element.Attribute(attribute) is { } at)
        {
            _diagnostics.Error(element, at, message);
        }
        else
        {
            _diagnostics.Error(element, message);
        }
    }

    /// <summary>Reports everything that was written and not asked for.</summary>
    public void End()
    {
        foreach (var attribute in element.Attributes)
        {
            if (!_attributes.Contains(attribute.Name))
            {
                _diagnostics.Error(element, attribute, $"The element '{element.Name}' has no attribute '{attribute.Name}'.{NearestName.Ask(attribute.Name, _attributes)}");
            }
        }

        foreach (var child in element.Children)
        {
            if (!_readsAllChildren && !_children.Contains(child.Name))
            {
                _diagnostics.Error(child, $"The element '{child.Name}' may not stand in '{element.Name}'.{NearestName.Ask(child.Name, _children)}");
            }
        }

        if (!_readsText && element.Text is { } text)
        {
            // Real documents have a stray word between policies, which the reference product passes over.
            _diagnostics.UnwantedText(element, text, isStray: _readsAllChildren && text.Value.IsLiteral);
        }
    }

    private static string? Right<T>(T source, out T value)
    {
        value = source;
        return null;
    }

    private static string? Choose<T>(string name, string text, IReadOnlyList<(string Word, T Meaning)> words, out T meaning)
    {
        foreach (var (word, chosen) in words)
        {
            if (word == text)
            {
                meaning = chosen;
                return null;
            }
        }

        meaning = words[0].Meaning;
        return $"The attribute '{name}' must be {PolicyNames.Join([.. words.Select(w => w.Word)])}.";
    }

    private static string OutOfBounds(string name, int minimum, int maximum) =>
        $"The attribute '{name}' must be a whole number from {minimum} to {maximum}.";

    private void RequireAttribute(string name)
    {
        if (element.Attribute(name) is null)
        {
            _diagnostics.Error(element, $"The attribute '{name}' is missing.");
        }
    }
}
