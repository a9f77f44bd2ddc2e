namespace Gateway.Contracts.Results;

/// <summary>An expected failure, as a value: what is wrong, where, and what to do. Never holds a secret.</summary>
[GenerateSerializer, Immutable, Alias("gw.GatewayError")]
public sealed record GatewayError(
    [property: Id(0)] ErrorKind Code,
    [property: Id(1)] string Message)
{
    /// <summary>The property, element or parameter at fault; null when the whole is.</summary>
    [Id(2)] public string? Target { get; init; }

    /// <summary>The zero-based index of the change at fault in a change set; null outside one.</summary>
    [Id(3)] public int? Index { get; init; }

    /// <summary>What led to this error, one entry per finding.</summary>
    [Id(4)] public GatewayError[] Details { get; init; } = [];
}
