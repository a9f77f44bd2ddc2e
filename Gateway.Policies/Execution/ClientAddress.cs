using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Execution;

/// <summary>The client's address as text.</summary>
public static class ClientAddress
{
    private const string MappedPrefix = "::ffff:";

    /// <summary>The address of the connection's other end; null when it has none. An IPv4 address is written as one.</summary>
    public static string? TextOf(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress;
        if (address is null)
        {
            return null;
        }

        var text = address.ToString();
        return address.IsIPv4MappedToIPv6 && text.StartsWith(MappedPrefix, StringComparison.Ordinal) ? text[MappedPrefix.Length..] : text;
    }
}
