using System.Text;

namespace Gateway.Management.Changes;

/// <summary>The header that names the properties that were ignored.</summary>
internal static class IgnoredHeader
{
    /// <summary>Its name.</summary>
    public const string Name = "x-gateway-ignored";

    private const int MaximumLength = 2000;
    private const int MaximumName = 200;

    /// <summary>The header's value; null when nothing was ignored. Bytes that a header or its comma cannot take are percent-encoded.</summary>
    public static string? Value(IEnumerable<string> names)
    {
        var value = new StringBuilder();
        foreach (var name in names)
        {
            var separator = value.Length == 0 ? "" : ", ";
            var safe = Safe(name);
            if (value.Length + separator.Length + safe.Length > MaximumLength)
            {
                value.Append(separator).Append("...");
                break;
            }

            value.Append(separator).Append(safe);
        }

        return value.Length == 0 ? null : value.ToString();
    }

    private static string Safe(string name)
    {
        var safe = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(name))
        {
            if (safe.Length > MaximumName)
            {
                return safe.Append("...").ToString();
            }

            if (b is > 0x20 and < 0x7F and not (byte)',' and not (byte)'%')
            {
                safe.Append((char)b);
            }
            else
            {
                safe.Append($"%{b:X2}");
            }
        }

        return safe.ToString();
    }
}
