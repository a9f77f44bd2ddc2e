namespace Gateway.Counters.Tests.Schedules;

/// <summary>Something that goes wrong.</summary>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">Which edge or silo; counted over those that there are.</param>
/// <param name="Other">What else it takes: another silo, or how many looks at the clock until a stall.</param>
/// <param name="For">How long, in milliseconds; of a step of a time of day, how far.</param>
internal sealed record Fault(int At, FaultKind Kind, int Node = 0, int Other = 0, int For = 0)
{
    /// <inheritdoc />
    public override string ToString() => $"new({At}, FaultKind.{Kind}, {Node}, {Other}, {For})";
}

/// <summary>What can go wrong.</summary>
internal enum FaultKind
{
    /// <summary>An edge is killed; another life follows.</summary>
    EdgeKill,

    /// <summary>An edge ends as planned; another life follows.</summary>
    EdgeStop,

    /// <summary>An edge stands still between two things that it does.</summary>
    EdgePause,

    /// <summary>An edge stands still in the middle of something.</summary>
    EdgeStall,

    /// <summary>The machine of an edge is suspended, so that its monotonic clock stands still as well.</summary>
    EdgeSleep,

    /// <summary>A silo is killed; another one follows.</summary>
    SiloKill,

    /// <summary>A silo stands still between two things that it does.</summary>
    SiloPause,

    /// <summary>A silo stands still in the middle of something.</summary>
    SiloStall,

    /// <summary>A silo ends as planned.</summary>
    SiloStop,

    /// <summary>One silo more.</summary>
    SiloJoin,

    /// <summary>No message passes between an edge and a silo.</summary>
    EdgeCut,

    /// <summary>No message of an edge reaches any silo.</summary>
    EdgeUnheard,

    /// <summary>No message of any silo reaches an edge.</summary>
    EdgeDeaf,

    /// <summary>Two silos do not see each other, and each counts the other as gone.</summary>
    SiloSplit,

    /// <summary>A silo and the store do not reach each other.</summary>
    StoreCut,

    /// <summary>What a silo sends reaches the store, but no answer comes back.</summary>
    StoreMute,

    /// <summary>The store refuses connections.</summary>
    StoreStop,

    /// <summary>The store stands still.</summary>
    StoreHang,

    /// <summary>The store forgets everything.</summary>
    StoreFlush,

    /// <summary>The time of day of an edge or a silo is stepped.</summary>
    Step,

    /// <summary>The store's time of day is stepped.</summary>
    StoreStep,

    /// <summary>Messages are lost, repeated and late.</summary>
    Storm,
}
