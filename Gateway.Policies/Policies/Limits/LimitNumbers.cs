using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Limits;

/// <summary>The attributes of all limits.</summary>
internal static class LimitNumbers
{
    public const int LongestPeriod = 300;

    private static readonly (string Word, LimitOutage? Meaning)[] s_outages =
        [("last-seen", LimitOutage.LastSeen), ("closed", LimitOutage.Closed), ("escrow", LimitOutage.Escrow), ("open", LimitOutage.Open)];

    private static readonly (string Word, LimitOutage? Meaning)[] s_outagesOfQuotas = [.. s_outages.Where(outage => outage.Meaning != LimitOutage.Escrow)];

    public static int? Calls(ElementReader read) => Required(read, "calls", 1, int.MaxValue);

    public static int? Period(ElementReader read) => Required(read, "renewal-period", 1, LongestPeriod);

    /// <summary>The periods of a quota: 0 for one that never ends, else as long as the policy allows.</summary>
    public static int? QuotaPeriod(ElementReader read, int shortest)
    {
        if (Required(read, "renewal-period", 0, int.MaxValue) is not { } seconds)
        {
            return null;
        }

        if (seconds == 0 || seconds >= shortest)
        {
            return seconds;
        }

        read.Error("renewal-period", $"The attribute 'renewal-period' must be 0 or a whole number of seconds from {shortest} to {int.MaxValue}.");
        return null;
    }

    public static PolicySetting<int>? CallsSetting(ElementReader read, PolicyElement element) => Setting(read, element, "calls", int.MaxValue);

    public static PolicySetting<int>? PeriodSetting(ElementReader read, PolicyElement element) => Setting(read, element, "renewal-period", LongestPeriod);

    public static LimitOutage? OnOutage(ElementReader read) => read.Choice("on-outage", null, s_outages);

    /// <summary>Of a quota, whose edges hold what they were lent to the end of its period.</summary>
    public static LimitOutage? QuotaOnOutage(ElementReader read)
    {
        if (read.Optional("on-outage") == "escrow")
        {
            read.Error("on-outage", "The attribute 'on-outage' of a quota must be last-seen, closed or open; escrow is for rate limits.");
            return null;
        }

        return read.Choice("on-outage", null, s_outagesOfQuotas);
    }

    public static bool Shadow(ElementReader read) => read.Boolean("shadow", false);

    private static PolicySetting<int>? Setting(ElementReader read, PolicyElement element, string name, int most)
    {
        if (element.Attribute(name) is null)
        {
            read.Error(name, $"The attribute '{name}' is missing.");
        }

        return read.IntegerSetting(name, 1, most);
    }

    private static int? Required(ElementReader read, string name, int least, int most) =>
        read.Required(name) is null ? null : read.Integer(name, least, most);
}
