using System.Globalization;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for members of <see cref="string"/> whose result can be much longer than what they are given.</summary>
public static class ChargedString
{
    /// <summary><c>new string(c, count)</c>.</summary>
    public static string New(char c, int count)
    {
        Budget.Reserve(2L * Math.Max(count, 0));
        return new(c, count);
    }

    /// <summary><c>new string(value)</c>.</summary>
    public static string New(char[]? value) => new(value);

    /// <summary><c>new string(value, start, length)</c>.</summary>
    public static string New(char[] value, int startIndex, int length) => new(value, startIndex, length);

    /// <summary><c>text.PadLeft(width)</c>.</summary>
    public static string ChargedPadLeft(this string text, int totalWidth, char paddingChar = ' ')
    {
        Budget.Reserve(2L * Math.Max(totalWidth, 0));
        return text.PadLeft(totalWidth, paddingChar);
    }

    /// <summary><c>text.PadRight(width)</c>.</summary>
    public static string ChargedPadRight(this string text, int totalWidth, char paddingChar = ' ')
    {
        Budget.Reserve(2L * Math.Max(totalWidth, 0));
        return text.PadRight(totalWidth, paddingChar);
    }

    /// <summary><c>text.Replace(old, new)</c>.</summary>
    public static string ChargedReplace(this string text, char oldChar, char newChar) => text.Replace(oldChar, newChar);

    /// <summary><c>text.Replace(old, new)</c>.</summary>
    public static string ChargedReplace(this string text, string oldValue, string? newValue) => text.ChargedReplace(oldValue, newValue, StringComparison.Ordinal);

    /// <summary><c>text.Replace(old, new, comparison)</c>.</summary>
    public static string ChargedReplace(this string text, string oldValue, string? newValue, StringComparison comparisonType)
    {
        var most = oldValue is { Length: > 0 } ? (long)(text.Length / oldValue.Length) * (newValue?.Length ?? 0) : 0;
        if (most > text.Length + 1024)
        {
            long found = 0;
            for (var at = text.IndexOf(oldValue, comparisonType); at >= 0 && at < text.Length; at = text.IndexOf(oldValue, at + oldValue.Length, comparisonType))
            {
                found++;
            }

            Budget.Reserve(2 * (text.Length + (found * newValue!.Length)));
        }

        return text.Replace(oldValue, newValue, comparisonType);
    }

    /// <summary><c>string.Concat(…)</c>.</summary>
    public static string Concat(params string?[] values) => Joined("", values);

    /// <summary><c>string.Concat(…)</c>.</summary>
    public static string Concat(params object?[] values) => Joined("", values);

    /// <summary><c>string.Concat(values)</c>.</summary>
    public static string Concat<T>(IEnumerable<T> values) => Joined("", values);

    /// <summary><c>string.Join(separator, …)</c>.</summary>
    public static string Join(string? separator, params string?[] value) => Joined(separator, value);

    /// <summary><c>string.Join(separator, …)</c>.</summary>
    public static string Join(string? separator, params object?[] values) => Joined(separator, values);

    /// <summary><c>string.Join(separator, values)</c>.</summary>
    public static string Join<T>(string? separator, IEnumerable<T> values) => Joined(separator, values);

    /// <summary><c>string.Join(separator, …)</c>.</summary>
    public static string Join(char separator, params string?[] value) => Joined(separator.ToString(), value);

    /// <summary><c>string.Join(separator, …)</c>.</summary>
    public static string Join(char separator, params object?[] values) => Joined(separator.ToString(), values);

    /// <summary><c>string.Join(separator, values)</c>.</summary>
    public static string Join<T>(char separator, IEnumerable<T> values) => Joined(separator.ToString(), values);

    /// <summary><c>string.Join(separator, values, start, count)</c>.</summary>
    public static string Join(string? separator, string?[] value, int startIndex, int count) => Joined(separator, new ArraySegment<string?>(value, startIndex, count));

    /// <summary><c>string.Format(format, …)</c>, and interpolated strings.</summary>
    public static string Format(string format, params object?[] args) => Format(CultureInfo.InvariantCulture, format, args);

    /// <summary><c>string.Format(provider, format, …)</c>.</summary>
    public static string Format(IFormatProvider? provider, string format, params object?[] args)
    {
        FormatText.Check(format);
        return IsShort(format, args) ? string.Format(provider, format, args).Made()! : BoundedText.Write(builder => builder.AppendFormat(provider, format, args));
    }

    /// <summary>True when the result is short whatever the format does with the arguments.</summary>
    private static bool IsShort(string format, object?[] args)
    {
        long longest = 1024;
        foreach (var arg in args)
        {
            if (arg is string text)
            {
                longest = Math.Max(longest, text.Length);
            }
            else if (arg is not (null or bool or char or (ValueType and IFormattable)))
            {
                return false;
            }
        }

        return (longest * format.AsSpan().Count('{')) + format.Length < 64 * 1024;
    }

    private static string Joined<T>(string? separator, IEnumerable<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return BoundedText.Write(builder =>
        {
            var isFirst = true;
            foreach (var value in values)
            {
                Budget.Spend(2);
                builder.Append(isFirst ? null : separator).Append(value is string text ? text : value?.ToString());
                isFirst = false;
            }
        });
    }
}
