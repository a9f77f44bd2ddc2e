using System.Globalization;
using System.Net;

namespace Gateway.Hosting.Settings;

/// <summary>A host name or address with a port, as in <c>Gateway:Edge:Silos</c>.</summary>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[v6]:port</c> or a bare IPv6 address; without a port the given one is taken.</summary>
    public static bool TryParse(string text, int defaultPort, out HostPort value)
    {
        value = default;
        text = text.Trim();
        var (host, port) = (text, defaultPort);
        var colon = text.LastIndexOf(':');
        var bareIPv6 = text.Count(c => c == ':') > 1 && !text.StartsWith('[');
        if (colon >= 0 && !bareIPv6 && !text.EndsWith(']'))
        {
            host = text[..colon];
            if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            {
                return false;
            }
        }

        host = host.Trim('[', ']');
        if (port is < 1 or > 65535 || host.Length > 253 || (!IPAddress.TryParse(host, out _) && Uri.CheckHostName(host) != UriHostNameType.Dns))
        {
            return false;
        }

        value = new HostPort(host, port);
        return true;
    }

    /// <inheritdoc />
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
