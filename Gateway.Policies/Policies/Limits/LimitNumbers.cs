using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Limits;

/// <summary>The attributes of all limits.</summary>
internal static class LimitNumbers
{
    public const int LongestPeriod = 300;

    public static int? Calls(ElementReader read) => Required(read, "calls", int.MaxValue);

    public static int? Period(ElementReader read) => Required(read, "renewal-period", LongestPeriod);

    public static LimitOutage? OnOutage(ElementReader read)
    {
        switch (read.Optional("on-outage"))
        {
            case null:
                return null;
            case "last-seen":
                return LimitOutage.LastSeen;
            case "closed":
                return LimitOutage.Closed;
            case "escrow" or "open":
                read.Error("on-outage", "The attribute 'on-outage' of a rate limit must be last-seen or closed in this version; escrow and open are not supported by it.");
                return null;
            default:
                read.Error("on-outage", "The attribute 'on-outage' must be last-seen or closed.");
                return null;
        }
    }

    private static int? Required(ElementReader read, string name, int most) =>
        read.Required(name) is null ? null : read.Integer(name, 1, most);
}
