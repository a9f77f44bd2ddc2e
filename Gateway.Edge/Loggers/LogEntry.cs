using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>One message on its way to a logger.</summary>
/// <param name="Logger">Where it goes.</param>
/// <param name="Time">When it was written.</param>
/// <param name="Content">The message, UTF-8.</param>
/// <param name="Partition">What messages are kept together by; null for nothing.</param>
internal sealed record LogEntry(LoggerInfo Logger, DateTimeOffset Time, ReadOnlyMemory<byte> Content, string? Partition);
