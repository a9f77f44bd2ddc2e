using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Holding;
using Gateway.Grains.Counters.Ledgers;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Counters.Quotas;

/// <summary>
/// Carries what the quotas of one partition reserve and give back to the state store, behind the calls of edges: all that are due in one go, one go at a time.
/// Runs on the activation's scheduler only.
/// </summary>
internal sealed partial class QuotaKeeper(int number, IQuotaStore store, CounterOptions options, CounterTelemetry telemetry, MonotonicTime time, TimeProvider clock, ILogger logger)
{
    private const int MostAtOnce = 64;
    private const int SiteTimeLastsFor = 30_000;
    private const int MostRounds = 128;
    private const int MostTries = 20;
    private const int ReturnTries = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly string _writer = Guid.NewGuid().ToString("N")[..12];
    private Task<bool> _going = Task.FromResult(false);
    private long _writes;
    private bool _isAway;

    /// <summary>Does what is due, unless that is under way; done when nothing is due, or the store did not answer.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="owner">Its owner as the store names it.</param>
    /// <returns>True when the store has refused a write: another holder has written, or the partition is another's by now.</returns>
    public Task<bool> GoAsync(CounterPartition partition, string owner) => _going.IsCompleted ? _going = RunAsync(partition, owner) : _going;

    /// <summary>Reads the site's time where it is old: it is as exact as the clocks' paces since then.</summary>
    public async Task LookAtClockAsync(CounterPartition partition)
    {
        if (!partition.HasQuotas || time.Now - partition.Site.ReadAt < SiteTimeLastsFor)
        {
            return;
        }

        try
        {
            await ReadAsync(partition, []);
        }
        catch (Exception failure) when (HoldingServices.IsOutage(failure))
        {
            Note(failure);
        }
    }

    /// <summary>Shows a quota's count, or sets it; null when the store does not answer, or others write all the time.</summary>
    public async Task<QuotaView?> ViewAsync(CounterPartition partition, string owner, CounterId counter, CounterDefinition definition, long? count)
    {
        if (partition.Quota(time.Now, counter, definition) is not { } ledger)
        {
            return null;
        }

        if (count is { } value)
        {
            ledger.Set(value, time.Now);
        }

        for (var tries = 0; tries < MostTries; tries++)
        {
            // What is under way may have begun before this was asked.
            await GoAsync(partition, owner);
            await GoAsync(partition, owner);
            if (!ledger.Account.IsAway && !ledger.Account.IsSetting && !ledger.IsAsked)
            {
                var (start, end, used) = ledger.View(time.Now);
                return new QuotaView(start, end, used);
            }

            await Task.Delay(RetryDelay, clock);
        }

        return null;
    }

    /// <summary>The holder ends: gives back what is not lent, so that nothing is lost. What the store does not take is.</summary>
    public async Task ReturnAsync(CounterPartition partition, string owner)
    {
        await _going;
        foreach (var quotas in partition.WithPool().Chunk(MostAtOnce))
        {
            if (!await TryToReturnAsync(partition, owner, quotas))
            {
                return;
            }
        }
    }

    private async Task<bool> TryToReturnAsync(CounterPartition partition, string owner, IReadOnlyList<(CounterId Counter, QuotaLedger Ledger)> quotas)
    {
        for (var tries = 0; tries < ReturnTries; tries++)
        {
            if (await TryAsync(partition, owner, quotas, isLeaving: true) is not null)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<bool> RunAsync(CounterPartition partition, string owner)
    {
        var isRefused = false;

        // What is due again and again waits for the next call or tick, so that nothing can keep the store busy.
        for (var round = 0; round < MostRounds; round++)
        {
            if (partition.TakeDue(time.Now, MostAtOnce) is not { Count: > 0 } due || await TryAsync(partition, owner, due, isLeaving: false) is not { } wasRefused)
            {
                break;
            }

            isRefused |= wasRefused;
            foreach (var (counter, ledger) in due)
            {
                partition.NoteWork(counter, ledger, time.Now);
            }
        }

        return isRefused;
    }

    // Whether a write was refused; null when the store did not answer.
    private async Task<bool?> TryAsync(CounterPartition partition, string owner, IReadOnlyList<(CounterId Counter, QuotaLedger Ledger)> due, bool isLeaving)
    {
        var isRefused = false;
        try
        {
            if (due.Where(quota => quota.Ledger.Account.NeedsRead(time.Now)).ToArray() is { Length: > 0 } unknown)
            {
                await ReadAsync(partition, unknown);
            }

            var planned = due.Select(quota => (quota.Ledger, Write: quota.Ledger.Plan(time.Now, quota.Counter, new QuotaNonce(_writer, ++_writes), isLeaving)))
                .Where(plan => plan.Write is not null).ToArray();
            if (planned.Length > 0)
            {
                var written = await WithinAsync(store.WriteAsync(number, owner, [.. planned.Select(plan => plan.Write!)]));
                for (var index = 0; index < planned.Length; index++)
                {
                    planned[index].Ledger.Settle(time.Now, written[index]);
                }

                isRefused = written.Contains(false);

                telemetry.CountReservations(written.Count(isWritten => isWritten), "made");
                telemetry.CountReservations(written.Count(isWritten => !isWritten), "conflict");
            }

            _isAway = false;
            return isRefused;
        }
        catch (Exception failure) when (HoldingServices.IsOutage(failure))
        {
            Note(failure);
            telemetry.CountReservations(due.Count, "away");
            foreach (var (counter, ledger) in due)
            {
                ledger.Fail(time.Now);
                partition.NoteWork(counter, ledger, time.Now);
            }

            return null;
        }
    }

    private async Task ReadAsync(CounterPartition partition, (CounterId Counter, QuotaLedger Ledger)[] quotas)
    {
        var askedAt = time.Now;
        var reading = await WithinAsync(store.ReadAsync([.. quotas.Select(quota => quota.Counter)]));
        partition.Site.Set(askedAt, reading.Time);
        for (var index = 0; index < quotas.Length; index++)
        {
            quotas[index].Ledger.Read(time.Now, reading.Records[index]);
        }
    }

    private Task<T> WithinAsync<T>(Task<T> asking) => asking.WaitAsync(options.LeasePeriod, clock);

    private void Note(Exception failure)
    {
        if (!_isAway)
        {
            Log.Away(logger, number, failure.GetType().Name);
        }

        _isAway = true;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The state store does not take what the quotas of counter partition {Number} reserve ({Kind}); they go on with what is reserved.")]
        public static partial void Away(ILogger logger, int number, string kind);
    }
}
