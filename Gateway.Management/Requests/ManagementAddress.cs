using Gateway.Contracts.Results;

namespace Gateway.Management.Requests;

/// <summary>What a management path addresses: the caller's spelling of the ARM prefix, and the path below the service.</summary>
/// <param name="Prefix">The full ARM id of the service, with the caller's subscription and resource group.</param>
/// <param name="Path">The segments below the service; empty for the service itself.</param>
internal sealed record ManagementAddress(string Prefix, string[] Path)
{
    private const int PrefixLength = 8;
    private const string Provider = "Microsoft.ApiManagement";

    private static readonly string[] _literals = ["subscriptions", "", "resourceGroups", "", "providers", Provider, "service", ""];

    /// <summary>Reads the address out of a decoded path. Literal segments compare without case, as in ARM.</summary>
    public static Result<ManagementAddress> Parse(string path, string serviceName)
    {
        var segments = path.Split('/')[1..];
        if (segments is [.., ""])
        {
            segments = segments[..^1];
        }

        if (segments.Length < PrefixLength || !HasPrefix(segments))
        {
            return new GatewayError(ErrorKind.ResourceNotFound, "There is nothing at this path. The management API lives at "
                + $"/subscriptions/{{any}}/resourceGroups/{{any}}/providers/{Provider}/service/{serviceName}.");
        }

        if (segments.Any(segment => segment.Length == 0))
        {
            return new GatewayError(ErrorKind.ValidationError, "The path holds an empty segment.") { Target = "path" };
        }

        if (!string.Equals(segments[PrefixLength - 1], serviceName, StringComparison.OrdinalIgnoreCase))
        {
            return new GatewayError(ErrorKind.ResourceNotFound, $"The service '{Shorten(segments[PrefixLength - 1])}' does not exist; this one is named '{serviceName}'.");
        }

        var prefix = $"/subscriptions/{segments[1]}/resourceGroups/{segments[3]}/providers/{Provider}/service/{serviceName}";
        return new ManagementAddress(prefix, segments[PrefixLength..]);
    }

    private static bool HasPrefix(string[] segments)
    {
        for (var i = 0; i < PrefixLength; i++)
        {
            if (_literals[i].Length > 0 && !string.Equals(_literals[i], segments[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return true;
    }

    private static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
