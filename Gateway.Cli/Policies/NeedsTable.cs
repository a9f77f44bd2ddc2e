using Gateway.Hosting.Running;

namespace Gateway.Cli.Policies;

/// <summary>
/// A table of what exists for each document: lines of tab-separated columns, of which the first line has the names; <c>doc</c> is a file's
/// name, the others hold ids with commas between them. Columns of other names are passed over.
/// </summary>
internal sealed class NeedsTable
{
    private const string Document = "doc";

    private readonly Dictionary<string, DocumentNeeds> _rows = new(StringComparer.Ordinal);

    /// <summary>Reads the file.</summary>
    /// <exception cref="ExitException">It cannot be read, or is no such table.</exception>
    public static NeedsTable Read(string file)
    {
        try
        {
            return Parse(file, File.ReadAllLines(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, exception.Message);
        }
    }

    /// <summary>What exists for a document, by the name of its file; null when the table does not say.</summary>
    public DocumentNeeds? Of(string path) => _rows.GetValueOrDefault(Path.GetFileName(path));

    private static NeedsTable Parse(string file, string[] lines)
    {
        var names = lines.FirstOrDefault("").Split('\t');
        if (!names.Contains(Document))
        {
            throw new ExitException(ExitCodes.Setting, $"The first line of '{file}' must name the columns, tab-separated, and one of them 'doc'.");
        }

        var table = new NeedsTable();
        foreach (var line in lines.Skip(1).Where(line => line.Length > 0))
        {
            var cells = line.Split('\t');
            string Cell(string name) => Array.IndexOf(names, name) is var at and >= 0 && at < cells.Length ? cells[at] : "";
            string[] Ids(string name) => Cell(name).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            table._rows[Cell(Document)] = new(
                Ids("named_values").ToHashSet(StringComparer.OrdinalIgnoreCase),
                Ids("fragments").ToHashSet(StringComparer.Ordinal),
                new[] { "backends", "certificates", "loggers", "schemas" }.SelectMany(collection => Ids(collection), (collection, id) => $"/{collection}/{id}").ToHashSet(StringComparer.Ordinal));
        }

        return table;
    }
}

/// <summary>What exists for one document.</summary>
/// <param name="NamedValues">Names.</param>
/// <param name="Fragments">Ids.</param>
/// <param name="Paths">Paths of other resources.</param>
internal sealed record DocumentNeeds(IReadOnlySet<string> NamedValues, IReadOnlySet<string> Fragments, IReadOnlySet<string> Paths);
