namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>ToString</c> with a format.</summary>
public static class ChargedFormattable
{
    /// <summary><c>number.ToString(format)</c>.</summary>
    public static string ChargedToString<T>(this T value, string? format)
        where T : IFormattable => value.ToString(FormatText.Checked(format), null);

    /// <summary><c>number.ToString(provider)</c>.</summary>
    public static string ChargedToString<T>(this T value, IFormatProvider? provider)
        where T : IFormattable => value.ToString(null, provider);

    /// <summary><c>number.ToString(format, provider)</c>.</summary>
    public static string ChargedToString<T>(this T value, string? format, IFormatProvider? provider)
        where T : IFormattable => value.ToString(FormatText.Checked(format), provider);
}
