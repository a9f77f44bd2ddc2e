namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>
/// Judges patterns of XML schemas, which the platform runs with backtracking and without a bound: the ways in which a text can match have to be few,
/// whatever the text.
/// </summary>
internal static class XmlPatternCost
{
    private const int MostWays = 256;

    /// <summary>True when at most one quantifier knows no end, no group repeats, and choices have 256 combinations at most.</summary>
    public static bool IsLow(string pattern)
    {
        var (ways, unbounded) = (1L, 0);
        var branches = new Stack<int>([1]);
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '\\':
                    at++;
                    break;
                case '[':
                    at = EndOfClass(pattern, at);
                    break;
                case '(' when at + 1 < pattern.Length && pattern[at + 1] == '?':
                    return false;
                case '(':
                    branches.Push(1);
                    break;
                case ')' when branches.Count == 1:
                    return false;
                case ')':
                    ways *= branches.Pop();
                    if (at + 1 < pattern.Length && pattern[at + 1] is '*' or '+' or '{')
                    {
                        return false;
                    }

                    break;
                case '|':
                    branches.Push(branches.Pop() + 1);
                    break;
                case '?':
                    ways *= 2;
                    break;
                case '*' or '+':
                    unbounded++;
                    break;
                case '{':
                    var end = pattern.IndexOf('}', at);
                    if (end < 0 || Ways(pattern[(at + 1)..end]) is not { } more)
                    {
                        return false;
                    }

                    (ways, unbounded) = more == 0 ? (ways, unbounded + 1) : (ways * more, unbounded);
                    at = end;
                    break;
            }

            if (ways > MostWays || unbounded > 1)
            {
                return false;
            }
        }

        return ways * branches.Pop() <= MostWays && branches.Count == 0;
    }

    /// <summary>In how many ways a quantifier can be kept to; 0 without an end, null for no quantifier.</summary>
    private static long? Ways(string quantifier)
    {
        var comma = quantifier.IndexOf(',', StringComparison.Ordinal);
        return comma < 0 ? int.TryParse(quantifier, out _) ? 1 : null
            : !int.TryParse(quantifier.AsSpan(0, comma), out var least) ? null
            : comma == quantifier.Length - 1 ? 0
            : int.TryParse(quantifier.AsSpan(comma + 1), out var most) && most >= least ? (long)most - least + 1 : null;
    }

    private static int EndOfClass(string pattern, int at)
    {
        for (var depth = 0; at < pattern.Length; at++)
        {
            depth += pattern[at] switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth == 0)
            {
                break;
            }

            at += pattern[at] == '\\' ? 1 : 0;
        }

        return at;
    }
}
