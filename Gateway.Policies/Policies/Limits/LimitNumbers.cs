using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Limits;

/// <summary>The attributes of all limits.</summary>
internal static class LimitNumbers
{
    public const int LongestPeriod = 300;

    public static int? Calls(ElementReader read) => Required(read, "calls", int.MaxValue);

    public static int? Period(ElementReader read) => Required(read, "renewal-period", LongestPeriod);

    public static PolicySetting<int>? CallsSetting(ElementReader read, PolicyElement element) => Setting(read, element, "calls", int.MaxValue);

    public static PolicySetting<int>? PeriodSetting(ElementReader read, PolicyElement element) => Setting(read, element, "renewal-period", LongestPeriod);

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

    private static PolicySetting<int>? Setting(ElementReader read, PolicyElement element, string name, int most)
    {
        if (element.Attribute(name) is null)
        {
            read.Error(name, $"The attribute '{name}' is missing.");
        }

        return read.IntegerSetting(name, 1, most);
    }

    private static int? Required(ElementReader read, string name, int most) =>
        read.Required(name) is null ? null : read.Integer(name, 1, most);
}
