using System.Buffers;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Gives the named values that stand as <c>{{name}}</c>. They are put in their places after the markup was told from the text, so that
/// a value may hold any character, cannot add elements, and cannot appear in a message about the markup; and before anything looks for
/// the end of an expression, so that one may be made of several, as the reference product has it.
/// </summary>
internal sealed class NamedValueFiller(PolicySource source, SourceText text, PolicyDiagnostics diagnostics)
{
    private const int MaximumName = 256;

    private static readonly SearchValues<char> s_name =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>The names found, ordered.</summary>
    public IReadOnlyCollection<string> Used => _used;

    /// <summary>The element that is being read.</summary>
    public string Element { get; set; } = PolicyXmlReader.Whole;

    /// <summary>True inside a template, whose own language has the same braces: a name that is no named value is the template's.</summary>
    public bool InTemplate { get; set; }

    /// <summary>How often a value that is not known was put in, or one that does not exist was left out, so far.</summary>
    public int Unknown { get; private set; }

    /// <summary>Characters put in so far; set back by whoever reads a place again.</summary>
    public int Filled { get; set; }

    /// <summary>The name at the start of a text that begins with <c>{{name}}</c>; empty when it does not.</summary>
    public static ReadOnlySpan<char> NameAt(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("{{"))
        {
            return [];
        }

        var rest = text[2..Math.Min(text.Length, MaximumName + 4)];
        var length = rest.IndexOfAnyExcept(s_name);
        return length > 0 && rest[length..].StartsWith("}}") ? rest[..length] : [];
    }

    /// <summary>What stands in the place of a named value; null when there is none: then it stays as written.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="offset">Where its braces stand in the document.</param>
    public string? Value(string name, int offset)
    {
        _used.Add(name);
        var named = source.NamedValues(name);
        if (named is null)
        {
            if (!InTemplate && _missing.Add(name))
            {
                var (line, column) = text.Position(offset);
                diagnostics.Add(new(Element, line, column, $"There is no named value '{name}'.", source.IsTentative ? PolicySeverity.Warning : PolicySeverity.Error)
                {
                    Kind = PolicyFinding.MissingReference,
                });
            }

            if (InTemplate)
            {
                return null;
            }

            if (!source.IsTentative)
            {
                Unknown++;
                return null;
            }

            named = NamedValue.Unknown;
        }

        Unknown += ReferenceEquals(named, NamedValue.Unknown) ? 1 : 0;
        Filled += named.Value.Length;
        if (Filled > PolicySource.MaximumBytes)
        {
            throw new MalformedDocumentException(offset, $"The named values of a policy document may have {PolicySource.MaximumBytes / 1024} KB at most, together.");
        }

        return named.Value;
    }
}
