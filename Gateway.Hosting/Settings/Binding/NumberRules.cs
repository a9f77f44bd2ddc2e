using System.Globalization;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>A whole number within bounds, both included.</summary>
public sealed class BetweenAttribute(long least, long most) : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description { get; } =
        most == long.MaxValue ? $"{least} or more" : string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");

    /// <inheritdoc />
    public override bool Accepts(object value)
    {
        var number = Convert.ToInt64(value, CultureInfo.InvariantCulture);
        return number >= least && number <= most;
    }
}

/// <summary>A TCP port; 0 asks the system for any free one.</summary>
public sealed class PortAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "0 to 65535";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is int and >= 0 and <= 65535;
}

/// <summary>A time span within bounds, both included; written as <c>hh:mm:ss</c> or with a unit, such as <c>500ms</c>, <c>2s</c>, <c>10m</c>, <c>1h</c>, <c>1d</c>.</summary>
public sealed class PeriodAttribute(string least, string most) : SettingRuleAttribute
{
    private readonly TimeSpan _least = Periods.Parse(least) ?? throw new ArgumentException("Not a time span.", nameof(least));
    private readonly TimeSpan _most = Periods.Parse(most) ?? throw new ArgumentException("Not a time span.", nameof(most));

    /// <inheritdoc />
    public override string Description { get; } = $"a time span of {least} to {most}, such as 500ms, 2s, 1m or 00:00:02";

    /// <inheritdoc />
    public override bool Accepts(object value) => value is TimeSpan span && span >= _least && span <= _most;
}
