namespace Gateway.Counters.Tests.Schedules;

/// <summary>What a second publication says of the limit. Edges have it one after the other, within a second.</summary>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Limit">What it allows then.</param>
/// <param name="PeriodSeconds">In so many seconds.</param>
internal sealed record LimitChange(int At, int Limit, int PeriodSeconds)
{
    /// <inheritdoc />
    public override string ToString() => $"new({At}, {Limit}, {PeriodSeconds})";
}
