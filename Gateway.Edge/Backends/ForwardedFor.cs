using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Backends;

/// <summary>The list of addresses that a request has come through.</summary>
internal static class ForwardedFor
{
    /// <summary>The header's name.</summary>
    public const string Header = "X-Forwarded-For";

    /// <summary>A request that has come through more is taken for one that runs in a circle.</summary>
    public const int MostHops = 20;

    /// <summary>True when a request has come through too many.</summary>
    public static bool IsTooLong(StringValues values)
    {
        var hops = 0;
        foreach (var value in values)
        {
            hops += 1 + value.AsSpan().Count(',');
        }

        return hops > MostHops;
    }
}
