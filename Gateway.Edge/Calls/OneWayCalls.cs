using System.Diagnostics.Metrics;
using Gateway.Edge.Requests;
using Gateway.Edge.Telemetry;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Calls;

/// <summary>
/// Calls whose answers nobody waits for. They are counted among the requests in flight, so that the edge does not stop before they are through. As nobody
/// hears of it when they lead in a circle, each counts as two.
/// </summary>
internal sealed partial class OneWayCalls(CallSender sender, DrainState drain, EdgeOptions options, ILogger<OneWayCalls> logger)
{
    private static readonly Counter<long> s_failures = EdgeTelemetry.CountOf(
        "gateway.one_way_calls.failed", "{call}", "Calls of send-one-way-request that got no answer, or were dropped because too many were under way.");

    private int _live;

    /// <summary>How many are under way.</summary>
    public int Live => Volatile.Read(ref _live);

    /// <summary>Sends one.</summary>
    public void Send(OutgoingCall call, int depth)
    {
        if (Interlocked.Increment(ref _live) > options.OneWayCallLimit)
        {
            Interlocked.Decrement(ref _live);
            s_failures.Add(1);
            Log.Dropped(logger, options.OneWayCallLimit);
            return;
        }

        drain.Enter();
        // Never faults: it catches what calls can throw.
        _ = SendAsync(call, depth);
    }

    private async Task SendAsync(OutgoingCall call, int depth)
    {
        try
        {
            await sender.SendAsync(call, depth + 1, CancellationToken.None);
        }
        catch (Exception e)
        {
            s_failures.Add(1);
            Log.Failed(logger, call.Url.GetLeftPart(UriPartial.Authority), e.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _live);
            drain.Leave();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A one-way call to {Host} failed: {Reason}")]
        public static partial void Failed(ILogger logger, string host, string reason);

        [LoggerMessage(2, LogLevel.Warning, "A one-way call was dropped: {Limit} are under way.")]
        public static partial void Dropped(ILogger logger, int limit);
    }
}
