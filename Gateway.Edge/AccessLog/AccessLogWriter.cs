using System.Buffers;
using System.Text.Json;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;

namespace Gateway.Edge.AccessLog;

/// <summary>
/// Writes the access log in batches. Stops after the server, so that the last requests are in it. When the output breaks, lines
/// are dropped and counted; the gateway goes on serving.
/// </summary>
internal sealed partial class AccessLogWriter(
    AccessLogQueue queue, EdgeOptions options, TimeProvider time, ILogger<AccessLogWriter> logger) : IHostedService, IDisposable
{
    private const int BatchBytes = 64 * 1024;

    private static readonly TimeSpan BatchPause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        var output = options.AccessLogStream ?? Console.OpenStandardOutput();
        var buffer = new ArrayBufferWriter<byte>(BatchBytes + 4096);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await queue.WaitAsync(_stop.Token);
                // What comes in this time goes out in the same write.
                await Task.Delay(BatchPause, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }

            await DrainAsync(output, buffer, json);
        }

        await DrainAsync(output, buffer, json);
    }

    private async Task DrainAsync(Stream output, ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        while (true)
        {
            var lines = Fill(buffer, json);
            if (lines == 0)
            {
                return;
            }

            try
            {
                await output.WriteAsync(buffer.WrittenMemory);
                await output.FlushAsync();
            }
            catch (IOException e)
            {
                EdgeTelemetry.CountDrops(lines);
                Log.Broken(logger, e, lines);
            }

            buffer.ResetWrittenCount();
        }
    }

    private int Fill(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        var lines = 0;
        while (buffer.WrittenCount < BatchBytes && queue.TryRead(out var record))
        {
            AccessLogLine.Write(json, in record);
            EndLine(buffer, json);
            lines++;
        }

        if (queue.TakeDropped() is > 0 and var dropped)
        {
            EdgeTelemetry.CountDrops(dropped);
            AccessLogLine.WriteDrops(json, time.GetUtcNow(), dropped);
            EndLine(buffer, json);
            lines++;
        }

        return lines;
    }

    private static void EndLine(ArrayBufferWriter<byte> buffer, Utf8JsonWriter json)
    {
        json.Flush();
        json.Reset();
        buffer.Write("\n"u8);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The access log could not be written; {Lines} lines are lost.")]
        public static partial void Broken(ILogger logger, Exception exception, int lines);
    }
}
