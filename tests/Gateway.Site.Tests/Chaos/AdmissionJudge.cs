using System.Net;
using Gateway.Site.Tests.Sites;

namespace Gateway.Site.Tests.Chaos;

/// <summary>A limit whose admissions are judged.</summary>
/// <param name="Limit">Calls in any window.</param>
/// <param name="Period">The window in milliseconds.</param>
internal sealed record JudgedLimit(int Limit, int Period);

/// <summary>Judges admissions by their stamps against the table of promises in docs/counters.md.</summary>
internal static class AdmissionJudge
{
    // Between a token and its stamp lies a moment, in which a busy machine may do something else.
    private const int Slack = 250;

    /// <summary>Tokens that let two requests pass.</summary>
    public static string[] Doubles(IEnumerable<Admission> admissions) =>
    [
        .. admissions.Where(admission => admission.IsGranted)
            .GroupBy(admission => (admission.Counter, admission.Epoch, admission.Grant, admission.Serial))
            .Where(token => token.Count() > 1)
            .Select(token => $"{token.Key} passed {token.Count()} requests"),
    ];

    /// <summary>Windows that hold more than the limit and what is stated to come on top of it.</summary>
    /// <param name="admissions">All admissions of one counter.</param>
    /// <param name="limit">What it allows.</param>
    /// <param name="isLost">True where an edge may have let pass more than is known: it and a silo were lost in the same window.</param>
    public static string[] Over(IEnumerable<Admission> admissions, JudgedLimit limit, Func<IPAddress?, long, bool> isLost)
    {
        var sorted = admissions.OrderBy(admission => admission.At).ToArray();
        var over = new List<string>();
        var end = 0;
        for (var first = 0; first < sorted.Length; first++)
        {
            while (end < sorted.Length && sorted[end].At - sorted[first].At < limit.Period - Slack)
            {
                end++;
            }

            var window = sorted.AsSpan(first, end - first).ToArray();
            var count = window.Sum(admission => admission.Count);
            var onTop = window.Where(admission => !admission.IsGranted || isLost(admission.Edge, sorted[first].At)).Sum(admission => admission.Count);
            if (count > limit.Limit + onTop)
            {
                over.Add($"{count} calls within {window[^1].At - window[0].At} ms from {window[0].At}, {onTop} of them beyond what is promised");
            }
        }

        return [.. over];
    }
}
