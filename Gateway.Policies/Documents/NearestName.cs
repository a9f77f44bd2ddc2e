namespace Gateway.Policies.Documents;

/// <summary>Finds what an author may have meant by a name that is not known.</summary>
internal static class NearestName
{
    /// <summary>Names of documents are shorter; nobody mistypes a longer one.</summary>
    private const int MaximumLength = 64;

    /// <summary>A sentence to follow another one, with a space before it: <c> Did you mean 'inbound'?</c>; empty when no name is near.</summary>
    /// <param name="name">The name as written.</param>
    /// <param name="known">The names that are valid there.</param>
    public static string Ask(string name, IEnumerable<string> known)
    {
        if (name.Length > MaximumLength)
        {
            return "";
        }

        var written = name.ToLowerInvariant();
        var nearest = known.Select(candidate => (Name: candidate, Distance: Distance(written, candidate.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Min(name.Length, candidate.Name.Length) / 3))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name).FirstOrDefault();
        return nearest is null ? "" : $" Did you mean '{nearest}'?";
    }

    /// <summary>How many characters have to be changed, put in, taken out, or swapped with their neighbour.</summary>
    private static int Distance(string from, string to)
    {
        var (before, last, next) = (new int[to.Length + 1], new int[to.Length + 1], new int[to.Length + 1]);
        for (var j = 0; j <= to.Length; j++)
        {
            last[j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var change = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                next[j] = Math.Min(change, 1 + Math.Min(last[j], next[j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, last, next) = (last, next, before);
        }

        return last[to.Length];
    }
}
