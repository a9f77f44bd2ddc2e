using System.Text;

namespace Gateway.Management.Import;

/// <summary>Gives operations of a document ids that the catalog allows, the same for the same document.</summary>
internal sealed class OperationIds
{
    private const int MaximumLength = 80;

    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The document's own id made safe, else one from method and path; a number is added when it is taken.</summary>
    public string Take(string? operationId, string method, string path)
    {
        var id = Safe(operationId ?? "");
        id = id.Length > 0 ? id : Safe($"{method}-{path}".ToLowerInvariant());
        id = id.Length > 0 ? id : "operation";
        var unique = id;
        for (var number = 2; !_taken.Add(unique); number++)
        {
            var suffix = $"-{number}";
            unique = id[..Math.Min(id.Length, MaximumLength - suffix.Length)] + suffix;
        }

        return unique;
    }

    private static string Safe(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in text)
        {
            if (safe.Length == MaximumLength)
            {
                break;
            }

            if (char.IsAsciiLetterOrDigit(c) || c is '_' or '.')
            {
                safe.Append(c);
            }
            else if (safe.Length > 0 && safe[^1] != '-')
            {
                safe.Append('-');
            }
        }

        return safe.ToString().Trim('-', '.');
    }
}
