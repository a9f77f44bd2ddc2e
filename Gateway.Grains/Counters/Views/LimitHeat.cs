using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Views;

/// <summary>What counters are ordered by: the part of the limit that is used or lent, then how much that is. The name decides between equals.</summary>
internal readonly record struct LimitHeat(double Part, long Charged, CounterId Counter) : IComparable<LimitHeat>
{
    /// <summary>The heat of a counter.</summary>
    public static LimitHeat Of(CounterId counter, long charged, long limit) => new((double)charged / limit, charged, counter);

    /// <summary>The heat of a counter that was looked at.</summary>
    public static LimitHeat Of(LimitView view) => Of(view.Counter, view.Used + view.Lent, view.Definition.Limit);

    /// <inheritdoc />
    public int CompareTo(LimitHeat other) =>
        Part.CompareTo(other.Part) is not 0 and var part ? part
        : Charged.CompareTo(other.Charged) is not 0 and var charged ? charged
        : Counter.High.CompareTo(other.Counter.High) is not 0 and var high ? high
        : Counter.Low.CompareTo(other.Counter.Low);
}
