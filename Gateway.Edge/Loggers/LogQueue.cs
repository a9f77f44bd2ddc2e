using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;

namespace Gateway.Edge.Loggers;

/// <summary>Messages that wait to be written, bounded by number and bytes: requests never wait, what does not fit is dropped and counted.</summary>
internal sealed class LogQueue(EdgeOptions options)
{
    private static readonly Counter<long> s_drops = EdgeTelemetry.CountOf(
        "gateway.logger.dropped", "{message}", "Messages of log-to-eventhub that were dropped: the logger did not take them, or not in time.");

    private readonly Channel<LogEntry> _waiting = Channel.CreateBounded<LogEntry>(
        new BoundedChannelOptions(options.LogQueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _bytes;

    /// <summary>What waits, for the one writer.</summary>
    public ChannelReader<LogEntry> Waiting => _waiting.Reader;

    /// <summary>Adds a message; false when it was dropped.</summary>
    public bool Add(LogEntry entry)
    {
        if (Interlocked.Add(ref _bytes, entry.Content.Length) <= options.LogQueueBytes && _waiting.Writer.TryWrite(entry))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -entry.Content.Length);
        Dropped(1);
        return false;
    }

    /// <summary>A message was taken out.</summary>
    public void Taken(LogEntry entry) => Interlocked.Add(ref _bytes, -entry.Content.Length);

    /// <summary>No message comes any more.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Counts messages that are lost.</summary>
    public static void Dropped(long messages) => s_drops.Add(messages);
}
