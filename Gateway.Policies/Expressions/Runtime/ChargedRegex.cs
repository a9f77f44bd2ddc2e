using System.Text.RegularExpressions;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <see cref="Regex"/>: every match runs under a time-out, and patterns are interpreted.</summary>
public static class ChargedRegex
{
    private const RegexOptions Refused = RegexOptions.Compiled;
    private const int LongestPattern = 16 * 1024;

    /// <summary><c>new Regex(pattern, options, time)</c>.</summary>
    public static Regex New(string pattern, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        new Regex(Bounded(pattern), options & ~Refused, Time(matchTimeout)).Looked();

    /// <summary><c>Regex.IsMatch(input, pattern, options, time)</c>.</summary>
    public static bool IsMatch(string input, string pattern, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        Regex.IsMatch(input, Bounded(pattern), options & ~Refused, Time(matchTimeout)).Looked();

    /// <summary><c>Regex.Match(input, pattern, options, time)</c>.</summary>
    public static Match Match(string input, string pattern, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        Regex.Match(input, Bounded(pattern), options & ~Refused, Time(matchTimeout)).Looked();

    /// <summary><c>Regex.Matches(input, pattern, options, time)</c>.</summary>
    public static MatchCollection Matches(string input, string pattern, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        New(pattern, options, matchTimeout).ChargedMatches(input);

    /// <summary><c>Regex.Replace(input, pattern, replacement, options, time)</c>.</summary>
    public static string Replace(string input, string pattern, string replacement, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        New(pattern, options, matchTimeout).ChargedReplace(input, replacement);

    /// <summary><c>Regex.Replace(input, pattern, evaluator, options, time)</c>.</summary>
    public static string Replace(string input, string pattern, MatchEvaluator evaluator, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        New(pattern, options, matchTimeout).ChargedReplace(input, evaluator);

    /// <summary><c>Regex.Split(input, pattern, options, time)</c>.</summary>
    public static string[] Split(string input, string pattern, RegexOptions options = RegexOptions.None, TimeSpan? matchTimeout = null) =>
        New(pattern, options, matchTimeout).ChargedSplit(input);

    /// <summary><c>regex.IsMatch(input)</c>.</summary>
    public static bool ChargedIsMatch(this Regex regex, string input, int startat = 0) => regex.IsMatch(input, Start(regex, input, startat)).Looked();

    /// <summary><c>regex.Match(input)</c>.</summary>
    public static Match ChargedMatch(this Regex regex, string input, int startat = 0) => regex.Match(input, Start(regex, input, startat)).Looked();

    /// <summary><c>regex.Matches(input)</c>, all of them at once.</summary>
    public static MatchCollection ChargedMatches(this Regex regex, string input)
    {
        var matches = regex.Matches(input);
        foreach (var _ in matches.AsEnumerable())
        {
            Budget.Charge();
        }

        return matches.Looked();
    }

    /// <summary><c>regex.Replace(input, replacement)</c>.</summary>
    public static string ChargedReplace(this Regex regex, string input, string replacement)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        return regex.ChargedReplace(input, match => match.Result(replacement));
    }

    /// <summary><c>regex.Replace(input, evaluator)</c>.</summary>
    public static string ChargedReplace(this Regex regex, string input, MatchEvaluator evaluator) =>
        regex.Replace(input, match =>
        {
            Budget.Charge();
            var text = evaluator(match);
            Budget.Reserve(2L * (text?.Length ?? 0));
            return text!;
        }).Looked()!;

    /// <summary><c>regex.Split(input)</c>.</summary>
    public static string[] ChargedSplit(this Regex regex, string input)
    {
        foreach (var _ in regex.EnumerateMatches(input))
        {
            Budget.Charge();
        }

        return regex.Split(input).Looked();
    }

    /// <summary><c>match.NextMatch()</c>.</summary>
    public static Match ChargedNextMatch(this Match match) => match.NextMatch().Looked();

    /// <summary><c>match.Result(replacement)</c>.</summary>
    public static string ChargedResult(this Match match, string replacement)
    {
        var used = replacement?.Count(c => c == '$') ?? 0;
        Budget.Reserve(2L * used * Math.Max(match.Length, 1));
        return match.Result(replacement!).Looked();
    }

    private static int Start(Regex regex, string input, int startat) => startat == 0 && regex.RightToLeft ? input?.Length ?? 0 : startat;

    /// <summary>The time that was asked for, but never more than there is.</summary>
    private static TimeSpan Time(TimeSpan? asked) =>
        asked is { } time && time > TimeSpan.Zero && time < Budget.MatchTime ? time : Budget.MatchTime;

    private static string Bounded(string pattern)
    {
        Budget.Spend(Budget.Step * 8);
        return pattern?.Length > LongestPattern ? throw new ArgumentException($"A regular expression may have {LongestPattern} characters at most.", nameof(pattern)) : pattern!;
    }
}
