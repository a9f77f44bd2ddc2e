using System.Globalization;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>From text to the value of a setting.</summary>
internal static class SettingValues
{
    /// <summary>The value, or null when the text is not one of the setting's type.</summary>
    public static object? Parse(Setting setting, string text) => setting.Type switch
    {
        var type when type == typeof(string) => text.Trim(),
        var type when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null,
        var type when type == typeof(bool) => bool.TryParse(text, out var flag) ? flag : null,
        var type when type == typeof(TimeSpan) => Periods.Parse(text.Trim()),
        var type when type == typeof(string[]) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        { IsEnum: true } type => Enum.GetValues(type).Cast<object>().FirstOrDefault(value => string.Equals(Word(value), text.Trim(), StringComparison.OrdinalIgnoreCase)),
        var type => throw new NotSupportedException($"{setting.Path} is of type {type}, which no setting can have."),
    };

    /// <summary>What ends the sentence "X must be …".</summary>
    public static string Expected(Setting setting) => setting.Rule?.Description ?? setting.Type switch
    {
        var type when type == typeof(bool) => "true or false",
        { IsEnum: true } type => "one of " + string.Join(", ", Enum.GetValues(type).Cast<object>().Select(Word)),
        _ => "a text",
    };

    /// <summary>A value as an operator writes it.</summary>
    public static string Format(object value) => value switch
    {
        TimeSpan span => Periods.Format(span),
        Enum word => Word(word),
        bool flag => flag ? "true" : "false",
        string[] list => string.Join(',', list),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>A given text in a message: quoted, short, without control characters; a number bare.</summary>
    public static string Shown(string text)
    {
        var clean = string.Concat(text.Take(80).Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 80 ? "…" : "");
        return long.TryParse(clean, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? clean : $"'{clean}'";
    }

    // LastSeen is written last-seen.
    private static string Word(object value) =>
        string.Concat(value.ToString()!.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
