using Gateway.Site.Tests.Processes;
using Gateway.Testing;

namespace Gateway.Site.Tests.Networks;

/// <summary>A test on a site whose nodes have networks of their own; skipped, with the reason, where that cannot be made.</summary>
internal class NetworkFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> _missing = new(() =>
        !OnPath.Has("redis-server") ? "redis-server is not on the path."
        : !OnPath.Has("ip") ? "ip (Debian: iproute2) is not on the path."
        : TestNetwork.Missing());

    public NetworkFactAttribute() => Skip = _missing.Value;
}

/// <summary>The same of minutes; see <see cref="LongFactAttribute"/>.</summary>
internal sealed class LongNetworkFactAttribute : NetworkFactAttribute
{
    public LongNetworkFactAttribute() => Skip ??= new LongFactAttribute().Skip;
}
