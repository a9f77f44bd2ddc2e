using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>Writes messages to loggers of one type.</summary>
internal interface ILogSink
{
    /// <summary>The type of the loggers that it writes to.</summary>
    string Type { get; }

    /// <summary>Writes messages, in order.</summary>
    /// <exception cref="LoggerException">They were not written; the message says why, without secrets.</exception>
    Task WriteAsync(LoggerInfo logger, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken);
}

/// <summary>Messages could not be written.</summary>
internal sealed class LoggerException(string message, Exception? inner = null) : Exception(message, inner);
