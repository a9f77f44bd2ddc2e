namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for looking up time zones, whose names are names of files.</summary>
public static class ChargedTimeZoneInfo
{
    /// <summary><c>TimeZoneInfo.FindSystemTimeZoneById(id)</c>.</summary>
    public static TimeZoneInfo FindSystemTimeZoneById(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var isName = id.Length is > 0 and < 100 && id[0] != '/' && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+' or ' ' or '(' or ')');
        return isName ? TimeZoneInfo.FindSystemTimeZoneById(id).Looked() : throw new TimeZoneNotFoundException("The name of a time zone is letters, digits and slashes.");
    }

    /// <summary><c>TimeZoneInfo.ConvertTimeBySystemTimeZoneId(time, id)</c>.</summary>
    public static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string destinationTimeZoneId) =>
        TimeZoneInfo.ConvertTime(dateTime, FindSystemTimeZoneById(destinationTimeZoneId));

    /// <summary><c>TimeZoneInfo.ConvertTimeBySystemTimeZoneId(time, id)</c>.</summary>
    public static DateTimeOffset ConvertTimeBySystemTimeZoneId(DateTimeOffset dateTimeOffset, string destinationTimeZoneId) =>
        TimeZoneInfo.ConvertTime(dateTimeOffset, FindSystemTimeZoneById(destinationTimeZoneId));

    /// <summary><c>TimeZoneInfo.ConvertTimeBySystemTimeZoneId(time, from, to)</c>.</summary>
    public static DateTime ConvertTimeBySystemTimeZoneId(DateTime dateTime, string sourceTimeZoneId, string destinationTimeZoneId) =>
        TimeZoneInfo.ConvertTime(dateTime, FindSystemTimeZoneById(sourceTimeZoneId), FindSystemTimeZoneById(destinationTimeZoneId));
}
