namespace Gateway.Cli.Commands;

/// <summary>Rows of text in columns as wide as they need to be.</summary>
internal static class Table
{
    /// <summary>Writes them; the first row is the titles.</summary>
    public static async Task WriteAsync(TextWriter writer, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            await writer.WriteLineAsync(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
