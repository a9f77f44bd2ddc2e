using System.Globalization;

namespace Gateway.Site.Tests.Processes;

/// <summary>Reads what a node counts.</summary>
internal static class Metrics
{
    /// <summary>The sum of a metric over all its labels.</summary>
    public static double Sum(string text, string name) => text.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[line.Contains('}', StringComparison.Ordinal) ? 0 : 1], CultureInfo.InvariantCulture));
}
