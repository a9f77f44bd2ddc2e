using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies;

/// <summary>Reads elements that are lists of texts.</summary>
public static class ElementReaderExtensions
{
    /// <summary>The texts of the child elements of one name, in order, without white space at their ends; each may be an expression.</summary>
    /// <param name="read">The reader of the element around them.</param>
    /// <param name="name">The children's name.</param>
    /// <param name="check">Says what is wrong with a text, as a sentence that does not quote it; null when nothing is.</param>
    public static IReadOnlyList<PolicySetting<string>> Values(this ElementReader read, string name, Func<string, string?>? check = null) => read.Values<string>(name, (string text, out string value) =>
    {
        value = text;
        return check?.Invoke(text);
    });

    /// <summary>What the texts of the child elements of one name mean, in order; each may be an expression.</summary>
    /// <param name="read">The reader of the element around them.</param>
    /// <param name="name">The children's name.</param>
    /// <param name="make">Reads a text, without white space at its ends, or says what is wrong with it, as a sentence that does not quote it.</param>
    public static IReadOnlyList<PolicySetting<T>> Values<T>(this ElementReader read, string name, SettingReader<string, T> make)
    {
        var values = new List<PolicySetting<T>>();
        foreach (var child in read.Children(name))
        {
            var reader = read.Parsing.Read(child);
            if (reader.Content((string text, out T value) => make(text.Trim(), out value)) is { } value)
            {
                values.Add(value);
            }

            reader.End();
        }

        return values;
    }

    /// <summary>The children of the only child element of a name, e.g. the <c>origin</c> elements of <c>allowed-origins</c>; empty when it is not written.</summary>
    /// <param name="read">The reader of the element around it.</param>
    /// <param name="parent">The child's name.</param>
    /// <param name="name">Its children's name.</param>
    /// <param name="check">Says what is wrong with a text, as a sentence that does not quote it; null when nothing is.</param>
    public static IReadOnlyList<PolicySetting<string>> Listed(this ElementReader read, string parent, string name, Func<string, string?>? check = null)
    {
        if (read.Child(parent) is not { } list)
        {
            return [];
        }

        var reader = read.Parsing.Read(list);
        var values = reader.Values(name, check);
        reader.End();
        return values;
    }
}
