namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Format strings, whose numbers say how long a result is.</summary>
internal static class FormatText
{
    private const int MostDigits = 3;

    /// <summary>Refuses widths and precisions of more than three digits.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public static void Check(string? format)
    {
        var digits = 0;
        var after = '\0';
        foreach (var c in format ?? "")
        {
            digits = char.IsAsciiDigit(c) ? digits + 1 : 0;
            after = digits == 0 ? c : after;
            if (digits > MostDigits && (char.IsAsciiLetter(after) || after is ',' or '-' or ' '))
            {
                throw new FormatException("A format may have widths and precisions of three digits at most.");
            }
        }
    }

    /// <summary>Refuses precisions of more than three digits in the format of a number.</summary>
    public static string? Checked(string? format)
    {
        Check(format);
        Budget.Spend(1 + ((format?.Length ?? 0) >> 4));
        return format;
    }
}
