using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>What the expressions of policies may use of an edge. A request whose expressions use more is answered 500; its on-error section has as much again.</summary>
public sealed record ExpressionsSettings
{
    /// <summary>Processor time of all expressions of a request.</summary>
    [Period("10ms", "1m")] public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory, in MB, that all expressions of a request may allocate, whether or not it is soon free again.</summary>
    [Between(1, 1024)] public int MemoryMegabytes { get; init; } = 64;

    /// <summary>Rounds of loops, and calls of lambdas and local functions, of all expressions of a request.</summary>
    [Between(1_000, 1_000_000_000)] public int Steps { get; init; } = 10_000_000;

    /// <summary>The time of one match of a regular expression.</summary>
    [Period("1ms", "10s")] public TimeSpan MatchTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest body of a request or an answer, in MB, that is read into memory for expressions.</summary>
    [Between(1, 1024)] public int BodyMegabytes { get; init; } = 8;
}
