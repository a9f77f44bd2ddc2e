using Gateway.Edge.Tests.Harness;
using Gateway.Testing.Stores;

namespace Gateway.Edge.Tests.Caching;

/// <summary>A test that needs a redis-server and <see cref="TrustedAuthority"/>.</summary>
internal sealed class TrustedRedisFactAttribute : FactAttribute
{
    public TrustedRedisFactAttribute() => Skip =
        !RedisFactAttribute.IsHere ? "There is no redis-server on the PATH."
        : !TrustedAuthority.IsTrusted ? "Only on Linux can a process trust an authority for itself."
        : null;
}
