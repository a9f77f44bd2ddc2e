using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Quotas;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Counters.Holding;

/// <summary>
/// One activation's hold on its partition: takes it in the store, learns what its predecessor knew, and says at any moment whether it may lend. Runs on
/// the activation's scheduler only.
/// </summary>
internal sealed partial class PartitionHolding(int number, HoldingServices services, PartitionLearning learning, Action leave, ILogger logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    // A holder that lives and is wanted hands over; until it is asked, it may just be ending.
    private const int TriesBeforeWanting = 6;

    private readonly QuotaKeeper _quotas = new(number, services.Quotas, services.Options, services.Telemetry, services.Time, services.Clock, logger);
    private readonly string _activation = Guid.NewGuid().ToString("N");
    private Hold? _hold;
    private Hold? _attempt;
    private Task? _taking;
    private long _leastEpoch;
    private bool _isEnded;

    /// <summary>The partition, when it may be lent from at this moment; else null.</summary>
    public CounterPartition? Usable(long now) =>
        _hold is { IsWhole: true } hold && services.Lease.Fence.Allows(hold.Lease, now) ? hold.Partition : null;

    /// <summary>Does what quotas have to do in the store now; done when that is done, or the store did not answer.</summary>
    public async Task KeepQuotasAsync()
    {
        if (_hold is { IsWhole: true } hold && hold.Partition.HasDue && await _quotas.GoAsync(hold.Partition, hold.Owner))
        {
            await LookAtOwnerAsync();
        }
    }

    /// <summary>Shows a quota's count, or sets it; null when the partition is not held here, or the store does not answer.</summary>
    public Task<QuotaView?> QuotaAsync(CounterId counter, CounterDefinition definition, long? count) =>
        Usable(services.Time.Now) is { } partition ? _quotas.ViewAsync(partition, _hold!.Owner, counter, definition, count) : Task.FromResult<QuotaView?>(null);

    /// <summary>Reads the site's time for quotas, where it is old.</summary>
    public Task LookAtClockAsync() => _hold is { IsWhole: true } hold ? _quotas.LookAtClockAsync(hold.Partition) : Task.CompletedTask;

    /// <summary>Takes the partition, unless that is under way; done when it may be lent from, or the activation ends.</summary>
    public Task TakeAsync() => _taking is { IsCompleted: false } ? _taking : _taking = TryUntilTakenAsync();

    /// <summary>An edge knows a greater epoch: the store lost its count of them. The memory is rebuilt from the edges, under a greater one.</summary>
    public void Outgrow(long epoch)
    {
        _leastEpoch = Math.Max(_leastEpoch, epoch + 1);
        if (_hold is { } hold)
        {
            _hold = hold with { IsWhole = false };
        }
    }

    /// <summary>Hands the partition over to whoever follows. Nothing is lent from here on.</summary>
    public async Task EndAsync()
    {
        _isEnded = true;
        var hold = _hold;
        _hold = null;
        if (hold is not null)
        {
            await ReleaseAsync(hold);
        }
    }

    private async Task TryUntilTakenAsync()
    {
        for (var tries = 1; !_isEnded; tries++)
        {
            try
            {
                if (await TryTakeAsync(tries))
                {
                    return;
                }
            }
            catch (Exception failure) when (HoldingServices.IsOutage(failure))
            {
                Log.NotTaken(logger, number, failure.GetType().Name);
            }

            await Task.Delay(RetryDelay, services.Clock);
        }
    }

    private async Task<bool> TryTakeAsync(int tries)
    {
        var fence = services.Lease.Fence;
        var now = services.Time.Now;
        if (!fence.Allows(fence.Id, now) || fence.IsUnfenced(now))
        {
            return false;
        }

        var stored = await services.Store.ReadOwnerAsync(number);
        if (IsLost(stored))
        {
            Lose(stored);
            return true;
        }

        var mine = _hold ?? (stored is not null && stored == _attempt?.Owner ? _attempt : null);
        if (mine is null && PartitionOwner.Parse(stored) is { IsReleased: false } owner && owner.Lease != fence.Id && await services.Store.IsAliveAsync(owner.Lease))
        {
            if (tries % TriesBeforeWanting == 0)
            {
                await services.Store.WantAsync(number, fence.Id);
            }

            return false;
        }

        if (mine is null && PartitionOwner.Parse(stored) is null && !await IsNewSiteAsync(fence))
        {
            return false;
        }

        var next = mine is null ? await FollowAsync(stored) : mine.Partition.Epoch >= _leastEpoch ? mine : Anew(_leastEpoch, "echoes");
        next = next with { Lease = fence.Id, Owner = new PartitionOwner(fence.Id, _activation, next.Partition.Epoch).ToString() };
        _attempt = next;
        if (stored != next.Owner && !await services.Store.TakeAsync(number, stored, next.Owner))
        {
            return false;
        }

        if (_isEnded)
        {
            await ReleaseAsync(next);
            return true;
        }

        _hold = next;
        services.Telemetry.CountTakeover(next.From);
        if (!next.IsWhole)
        {
            await learning.LearnAllAsync(next.Partition);
        }

        if (_hold == next)
        {
            _hold = next with { IsWhole = true, From = "memory" };
            Log.Taken(logger, number, next.Partition.Epoch, next.From);
        }

        return true;
    }

    // A store that refuses what quotas write may have given the partition to another silo, although this one's lease lives.
    private async Task LookAtOwnerAsync()
    {
        try
        {
            var stored = await services.Store.ReadOwnerAsync(number);
            if (IsLost(stored))
            {
                Lose(stored);
            }
        }
        catch (Exception failure) when (HoldingServices.IsOutage(failure))
        {
            Log.NotSeen(logger, number, failure.GetType().Name);
        }
    }

    private bool IsLost([NotNullWhen(true)] string? stored) => _hold is { } hold && stored is not null && stored != hold.Owner && stored != _attempt?.Owner;

    // Somebody else holds it: what is known here is old, and this activation is one too many.
    private void Lose(string owner)
    {
        Log.Lost(logger, number, owner);
        _hold = null;
        _isEnded = true;
        leave();
    }

    // Nobody owns the partition: of a new site, or because the store was flushed. Then its holder still has its memory, and takes it again at its next
    // renewal: that is waited for.
    private async Task<bool> IsNewSiteAsync(Fence fence) =>
        services.Time.Now - services.Lease.LostAt >= (long)services.Options.LeaseLife.TotalMilliseconds && await services.Store.IsAliveAsync(fence.Id);

    // Greater than any that edges know from before a flush; if not, they say so.
    private long FirstEpoch() => Math.Max(services.Clock.GetUtcNow().ToUnixTimeMilliseconds(), _leastEpoch);

    // What this activation starts from when another one had the partition.
    private async Task<Hold> FollowAsync(string? stored)
    {
        if (PartitionOwner.Parse(stored) is not { } previous)
        {
            return Anew(FirstEpoch(), "nothing") with { IsWhole = true };
        }

        var memory = previous.IsReleased ? await HandedAsync() : services.Registry.Recover(number, stored!);
        return memory is null ? Anew(Math.Max(previous.Epoch + 1, _leastEpoch), "echoes") : new Hold(memory, "", "", "hand-over", IsWhole: true);
    }

    private Hold Anew(long epoch, string from) => new(new CounterPartition(epoch, services.Options.MaxPerPartition), "", "", from, IsWhole: false);

    private async Task ReleaseAsync(Hold hold)
    {
        try
        {
            await _quotas.ReturnAsync(hold.Partition, hold.Owner);
            await HandOverAsync(hold).WaitAsync(services.Options.LeaseLife, services.Clock);
        }
        catch (Exception failure) when (HoldingServices.IsOutage(failure))
        {
            Log.NotReleased(logger, number, failure.GetType().Name);
            if (hold.IsWhole)
            {
                services.Registry.Keep(number, hold.Owner, hold.Partition);
            }
        }
    }

    private async Task HandOverAsync(Hold hold)
    {
        byte[]? memory = null;
        if (hold.IsWhole)
        {
            var time = await services.Store.TimeAsync();
            memory = JsonSerializer.SerializeToUtf8Bytes(
                hold.Partition.Write(services.Time.Now) with { WrittenAt = time.ToUnixTimeMilliseconds() }, PartitionMemoryJson.Default.PartitionMemory);
            if (memory.Length > services.Options.MaxHandOver)
            {
                Log.TooLarge(logger, number, memory.Length);
                memory = null;
            }
        }

        await services.Store.ReleaseAsync(number, hold.Owner, memory);
    }

    private async Task<CounterPartition?> HandedAsync()
    {
        if (await services.Store.ReadMemoryAsync(number) is not ({ } bytes, var time))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, PartitionMemoryJson.Default.PartitionMemory) is { } memory
                ? CounterPartition.Read(memory, services.Time.Now, services.Options.MaxPerPartition, Math.Max(0, time.ToUnixTimeMilliseconds() - memory.WrittenAt))
                : null;
        }
        catch (JsonException failure)
        {
            Log.Unreadable(logger, number, failure.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "Counter partition {Number} is held here, epoch {Epoch}, from {From}.")]
        public static partial void Taken(ILogger logger, int number, long epoch, string from);

        [LoggerMessage(2, LogLevel.Warning, "Counter partition {Number} was taken over by {Owner} while this activation could not hold it.")]
        public static partial void Lost(ILogger logger, int number, string owner);

        [LoggerMessage(3, LogLevel.Warning, "Counter partition {Number} cannot be taken now ({Kind}); its limits wait.")]
        public static partial void NotTaken(ILogger logger, int number, string kind);

        [LoggerMessage(4, LogLevel.Warning, "Counter partition {Number} could not be handed over ({Kind}); the next holder waits for this silo's end, and asks the edges.")]
        public static partial void NotReleased(ILogger logger, int number, string kind);

        [LoggerMessage(5, LogLevel.Warning, "Counter partition {Number} is handed over without its memory of {Size} bytes; the next holder asks the edges.")]
        public static partial void TooLarge(ILogger logger, int number, int size);

        [LoggerMessage(6, LogLevel.Warning, "What was handed over with counter partition {Number} cannot be read; the edges are asked. {Reason}")]
        public static partial void Unreadable(ILogger logger, int number, string reason);

        [LoggerMessage(7, LogLevel.Debug, "The store does not say whose counter partition {Number} is: {Kind}")]
        public static partial void NotSeen(ILogger logger, int number, string kind);
    }

    // What is held, or about to be: the memory, the silo lease and the owner it is held under, where the memory is from, and whether it holds all.
    private sealed record Hold(CounterPartition Partition, string Lease, string Owner, string From, bool IsWhole);
}
