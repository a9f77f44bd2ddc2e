using System.Globalization;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>Time spans as operators write them.</summary>
public static class Periods
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400)];

    /// <summary>Reads <c>[d.]hh:mm:ss[.fff]</c> or a number with a unit (ms, s, m, h, d). A bare number is refused: nobody can tell its unit. Null: not a time span.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span) && text.Count(c => c == ':') == 2)
        {
            return span;
        }

        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * seconds < 1e9)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        return null;
    }

    /// <summary>The shortest form that <see cref="Parse"/> reads.</summary>
    public static string Format(TimeSpan span)
    {
        for (var i = Units.Length - 1; i >= 0; i--)
        {
            var count = span.TotalSeconds / Units[i].Seconds;
            if (span > TimeSpan.Zero && count >= 1 && count == Math.Floor(count))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{count}{Units[i].Unit}");
            }
        }

        return span == TimeSpan.Zero ? "0s"
            : span > TimeSpan.Zero && span.TotalMilliseconds < 1 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds}ms")
            : span.ToString("c", CultureInfo.InvariantCulture);
    }
}
