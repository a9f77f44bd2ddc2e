using System.Globalization;
using System.Text;

namespace Gateway.PolicyCompiler.Reading;

/// <summary>The references that XML knows without a document type: five names, and numbers.</summary>
internal static class XmlReference
{
    /// <summary>The longest that is known, in characters: <c>&amp;#x10FFFF;</c> and some leading zeros.</summary>
    public const int Longest = 16;

    /// <summary>The character of the reference that a text begins with; null when it begins with none.</summary>
    public static string? At(ReadOnlySpan<char> text, out int length)
    {
        length = text[..Math.Min(text.Length, Longest)].IndexOf(';') + 1;
        return length < 3 ? null : text[1..(length - 1)] switch
        {
            "lt" => "<",
            "gt" => ">",
            "amp" => "&",
            "quot" => "\"",
            "apos" => "'",
            ['#', 'x' or 'X', .. var digits] => Character(digits, NumberStyles.AllowHexSpecifier),
            ['#', .. var digits] => Character(digits, NumberStyles.None),
            _ => null,
        };
    }

    private static string? Character(ReadOnlySpan<char> digits, NumberStyles style) =>
        int.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) && Rune.IsValid(number) && IsAllowed(number)
            ? char.ConvertFromUtf32(number)
            : null;

    private static bool IsAllowed(int number) => number is '\t' or '\n' or '\r' or (>= ' ' and not (0xFFFE or 0xFFFF));
}
