using Gateway.Policies.Execution;

namespace Gateway.Edge.Loggers;

/// <summary>
/// Writes what waits, for each logger as many messages together as there are. A logger that fails gets its messages once more; then these are lost, which is counted
/// and said, and so are those of the next seconds: one that is away must not hold up the others.
/// </summary>
internal sealed partial class LogWriter(LogQueue queue, IEnumerable<ILogSink> sinks, TimeProvider time, ILogger<LogWriter> logger) : BackgroundService
{
    private const int MostTogether = 500;
    private const int MostBytesTogether = 1024 * 1024;

    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, DateTimeOffset> _resting = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ILogSink> _sinks = sinks.ToDictionary(sink => sink.Type, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host stops this service after the requests have ended: what they wrote is still written, in the time there is to stop.
        using var stop = stoppingToken.Register(queue.Complete);
        while (await queue.Waiting.WaitToReadAsync(CancellationToken.None))
        {
            if (queue.Waiting.Count < MostTogether && queue.Waiting.TryPeek(out var first) && first.Logger.IsBuffered && !stoppingToken.IsCancellationRequested)
            {
                await Task.Delay(s_gathering, time, CancellationToken.None);
            }

            var (together, bytes) = (new List<LogEntry>(), 0);
            while (together.Count < MostTogether && bytes < MostBytesTogether && queue.Waiting.TryRead(out var entry))
            {
                queue.Taken(entry);
                together.Add(entry);
                bytes += entry.Content.Length;
            }

            foreach (var group in together.GroupBy(entry => entry.Logger.Id, StringComparer.Ordinal))
            {
                LogEntry[] entries = [.. group];
                var target = entries[^1].Logger;
                foreach (var batch in target.IsBuffered ? [entries] : entries.Chunk(1))
                {
                    await WriteAsync(target, batch, stoppingToken);
                }
            }
        }
    }

    private async Task WriteAsync(LoggerInfo target, LogEntry[] entries, CancellationToken stoppingToken)
    {
        if (!_sinks.TryGetValue(target.Type, out var sink))
        {
            LogQueue.Dropped(entries.Length);
            Log.NoSink(logger, target.Id, target.Type, entries.Length);
            return;
        }

        if (_resting.TryGetValue(target.Id, out var until) && time.GetUtcNow() < until)
        {
            LogQueue.Dropped(entries.Length);
            return;
        }

        for (var turn = 1; ; turn++)
        {
            try
            {
                await sink.WriteAsync(target, entries, CancellationToken.None);
                return;
            }
            catch (LoggerException e) when (turn > 1 || stoppingToken.IsCancellationRequested)
            {
                LogQueue.Dropped(entries.Length);
                _resting[target.Id] = time.GetUtcNow() + s_rest;
                Log.Lost(logger, target.Id, entries.Length, e.Message);
                return;
            }
            catch (LoggerException)
            {
                await Task.Delay(s_pause, time, CancellationToken.None);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Count} messages to logger {Id} are lost. {Reason}")]
        public static partial void Lost(ILogger logger, string id, int count, string reason);

        [LoggerMessage(2, LogLevel.Warning, "Messages to logger {Id} are dropped ({Count}): this gateway writes to loggers of the types file, http and otlp, not {Type}.")]
        public static partial void NoSink(ILogger logger, string id, string type, int count);
    }
}
