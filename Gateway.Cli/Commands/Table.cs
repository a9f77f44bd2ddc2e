using System.Globalization;
using System.Text;

namespace Gateway.Cli.Commands;

/// <summary>Rows of text in columns as wide as they need to be.</summary>
internal static class Table
{
    private const int LongestCell = 60;

    /// <summary>Writes them; the first row is the titles.</summary>
    public static async Task WriteAsync(TextWriter writer, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await writer.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>A text that callers have sent, as a cell: it is cut, and cannot steer the terminal.</summary>
    public static string Harmless(string text)
    {
        var cell = new StringBuilder(Math.Min(text.Length, LongestCell));
        foreach (var rune in text.EnumerateRunes())
        {
            if (cell.Length >= LongestCell)
            {
                return cell.Append('…').ToString();
            }

            cell.Append(Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format ? Rune.ReplacementChar : rune);
        }

        return cell.ToString();
    }
}
