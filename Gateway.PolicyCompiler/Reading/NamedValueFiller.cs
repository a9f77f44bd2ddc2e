using System.Buffers;
using System.Text;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>
/// Puts named values in the place of <c>{{name}}</c>. It works on the values of attributes and texts after the XML was read, so that
/// a value may hold any character, cannot add elements, and cannot appear in a message about the XML; and before anything else looks
/// at them, so that a setting, or an expression, may be made of several.
/// </summary>
internal sealed class NamedValueFiller(PolicySource source)
{
    private const int MaximumName = 256;

    private static readonly SearchValues<char> s_name =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private int _filled;

    /// <summary>The names found, ordered.</summary>
    public IReadOnlyCollection<string> Used => _used;

    /// <summary>The value with its named values in place.</summary>
    /// <param name="value">What is written.</param>
    /// <param name="missing">Told the name of a named value that does not exist, once per document; it stays as written.</param>
    /// <param name="tooLong">Told once, when the document has grown beyond its bound.</param>
    public string Fill(string value, Action<string> missing, Action tooLong)
    {
        if (!value.Contains("{{", StringComparison.Ordinal))
        {
            return value;
        }

        var filled = new StringBuilder(value.Length);
        for (var at = 0; at < value.Length;)
        {
            if (NameAt(value, at) is not { } name)
            {
                filled.Append(value[at++]);
                continue;
            }

            at += name.Length + 4;
            _used.Add(name);
            if (source.NamedValues(name) is not { } named)
            {
                if (_missing.Add(name))
                {
                    missing(name);
                }

                filled.Append("{{").Append(name).Append("}}");
            }
            else if (_filled <= PolicySource.MaximumBytes)
            {
                filled.Append(named.Value);
                _filled += named.Value.Length;
                if (_filled > PolicySource.MaximumBytes)
                {
                    tooLong();
                }
            }
        }

        return filled.ToString();
    }

    private static string? NameAt(string value, int at)
    {
        if (string.CompareOrdinal(value, at, "{{", 0, 2) != 0)
        {
            return null;
        }

        var rest = value.AsSpan(at + 2);
        var length = rest.IndexOfAnyExcept(s_name);
        return length is > 0 and <= MaximumName && rest[length..].StartsWith("}}") ? rest[..length].ToString() : null;
    }
}
