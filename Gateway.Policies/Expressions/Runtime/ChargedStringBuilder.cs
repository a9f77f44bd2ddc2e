using System.Globalization;
using System.Text;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Makes builders that hold no more than there is memory for.</summary>
public static class ChargedStringBuilder
{
    /// <summary><c>new StringBuilder()</c>.</summary>
    public static StringBuilder New() => new(16, BoundedText.MaximumLength);

    /// <summary><c>new StringBuilder(text)</c>.</summary>
    public static StringBuilder New(string? value) => New().Append(value);

    /// <summary><c>new StringBuilder(capacity)</c>.</summary>
    public static StringBuilder New(int capacity)
    {
        Budget.Reserve(2L * Math.Max(capacity, 0));
        return new(Math.Max(capacity, 16), BoundedText.MaximumLength);
    }

    /// <summary><c>builder.AppendFormat(format, …)</c>.</summary>
    public static StringBuilder ChargedAppendFormat(this StringBuilder builder, string format, params object?[] args)
    {
        FormatText.Check(format);
        return builder.AppendFormat(CultureInfo.InvariantCulture, format, args);
    }

    /// <summary><c>builder.AppendFormat(provider, format, …)</c>.</summary>
    public static StringBuilder ChargedAppendFormat(this StringBuilder builder, IFormatProvider? provider, string format, params object?[] args)
    {
        FormatText.Check(format);
        return builder.AppendFormat(provider, format, args);
    }
}
