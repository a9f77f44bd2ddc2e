using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Limits;

/// <summary>
/// How much a request counts for. What speaks of the response or the error is asked when the response is through: until then the request counts for
/// <c>increment-count</c>, or for 1 where that speaks of the response itself.
/// </summary>
public sealed class LimitIncrement
{
    private PolicySetting<bool> _condition = new(true);
    private PolicySetting<int> _count = new(1);
    private bool _hasLateCondition;
    private bool _hasLateCount;
    private BodyUse _bodies;

    /// <summary>Every request counts as one.</summary>
    public static LimitIncrement One { get; } = new();

    /// <summary>
    /// <c>increment-condition</c>: true for requests that count, <c>true</c> by default; may be an expression. One that is false before the response lets
    /// the request pass without a look at the limit.
    /// </summary>
    public PolicySetting<bool> Condition => _condition;

    /// <summary><c>increment-count</c>: for how many calls it counts, 1 and up, from an expression also 0; 1 by default. May be an expression.</summary>
    public PolicySetting<int> Count => _count;

    /// <summary>True when it is known only at the end of a request what it counts for.</summary>
    public bool IsLate => _hasLateCondition || _hasLateCount;

    internal static LimitIncrement Parse(PolicyElement element, ElementReader read, PolicyParsing parsing)
    {
        var (condition, isLateCondition, ofCondition) = Read(element, parsing, "increment-condition", read.BooleanSetting);
        var (count, isLateCount, ofCount) = Read(element, parsing, "increment-count", name => read.IntegerSetting(name, 0, int.MaxValue));
        if (count is { IsLiteral: true, Literal: 0 })
        {
            read.Error("increment-count", $"The attribute 'increment-count' must be a whole number from 1 to {int.MaxValue}.");
        }

        return condition is null && count is null ? One : new()
        {
            _condition = condition ?? One._condition,
            _count = count ?? One._count,
            _hasLateCondition = isLateCondition,
            _hasLateCount = isLateCount,
            _bodies = ofCondition | ofCount,
        };
    }

    /// <summary>What is taken of the limit when the request arrives; 0 when it does not count.</summary>
    internal long Reserve(PolicyContext context) =>
        !_hasLateCondition && !_condition.For(context) ? 0 : _hasLateCount ? 1 : _count.For(context);

    /// <summary>Says at the end of the request what it counted for.</summary>
    internal void SettleLater(PolicyContext context, LimitDecision decision, long reserved, string policy)
    {
        if (decision.Grant is LimitReservation reservation)
        {
            context.SettleAtTheEnd(new Settlement(this, reservation, reserved), _bodies, policy);
        }
    }

    /// <summary>Says at the end of the request which bytes it counted for.</summary>
    internal void SettleTransferLater(PolicyContext context, LimitReservation reservation, string policy) =>
        context.SettleAtTheEnd(new TransferSettlement(this, reservation), _bodies, policy);

    private static (PolicySetting<T>? Setting, bool IsLate, BodyUse Bodies) Read<T>(
        PolicyElement element, PolicyParsing parsing, string name, Func<string, PolicySetting<T>?> read)
    {
        if (element.Attribute(name)?.Value.SeesOutcome != true)
        {
            return (read(name), false, BodyUse.None);
        }

        var setting = parsing.ReadForTheEnd(() => read(name), out var bodies);
        return (setting, true, bodies);
    }

    /// <summary>A condition that fails leaves the bytes counted.</summary>
    private sealed class TransferSettlement(LimitIncrement increment, LimitReservation reservation) : ISettlement
    {
        public void Settle(PolicyContext context)
        {
            var counts = true;
            try
            {
                counts = !increment._hasLateCondition || increment._condition.For(context);
            }
            finally
            {
                reservation.Settle(counts ? context.BytesTransferred : 0);
            }
        }
    }

    /// <summary>One that fails leaves the request counted as it was reserved.</summary>
    private sealed class Settlement(LimitIncrement increment, LimitReservation reservation, long reserved) : ISettlement
    {
        public void Settle(PolicyContext context)
        {
            var used = reserved;
            try
            {
                used = increment._hasLateCondition && !increment._condition.For(context) ? 0
                    : increment._hasLateCount ? increment._count.For(context)
                    : reserved;
            }
            finally
            {
                reservation.Settle(used);
            }
        }
    }
}
