using System.Globalization;
using Gateway.Management.Errors;
using Microsoft.Extensions.Primitives;

namespace Gateway.Management.Requests;

/// <summary>The query parameter <c>api-version</c>: required, and any date, because the shapes here do not change with it.</summary>
internal static class ApiVersion
{
    private const string Preview = "-preview";

    /// <summary>The answer to a request without a good version; null when it is good.</summary>
    public static Answer? Refuse(StringValues versions)
    {
        if (versions.Count == 0 || versions.All(string.IsNullOrEmpty))
        {
            return Answer.Error(400, "MissingApiVersionParameter", "The query parameter 'api-version' is required, for example api-version=2024-05-01.");
        }

        return versions.Count == 1 && IsDate(versions[0]!)
            ? null
            : Answer.Error(400, "InvalidApiVersionParameter", "The query parameter 'api-version' must be one date such as 2024-05-01 or 2024-06-01-preview.");
    }

    private static bool IsDate(string version)
    {
        var date = version.EndsWith(Preview, StringComparison.OrdinalIgnoreCase) ? version[..^Preview.Length] : version;
        return DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }
}
