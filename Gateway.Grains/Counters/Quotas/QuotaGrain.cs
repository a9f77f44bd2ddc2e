using System.Globalization;
using System.Xml;
using Gateway.Contracts.Counters;
using Gateway.Contracts.Results;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Storage;
using Orleans.Concurrency;

namespace Gateway.Grains.Counters.Quotas;

/// <inheritdoc cref="IQuotaGrain" />
[StatelessWorker]
internal sealed class QuotaGrain(RedisStore redis, RedisQuotaStore store) : Grain, IQuotaGrain
{
    /// <inheritdoc />
    public Task<Result<QuotaCount[]>> Read(string key, CancellationToken cancellationToken) => redis.TryAsync(() => ReadAsync(key));

    /// <inheritdoc />
    public Task<Result<QuotaCount[]>> Set(QuotaChange change, CancellationToken cancellationToken) => redis.TryAsync(() => SetAsync(change));

    private async Task<Result<QuotaCount[]>> ReadAsync(string key)
    {
        var found = await FindAsync(key);
        return found.IsSuccess ? (Result<QuotaCount[]>)found.Value.Select(counter => counter.Count).ToArray() : found.Errors;
    }

    private async Task<Result<QuotaCount[]>> SetAsync(QuotaChange change)
    {
        if (change.Calls is < 0 or > QuotaLedger.GreatestCount || change.Kilobytes is < 0 or > QuotaLedger.GreatestCount)
        {
            return new GatewayError(ErrorKind.ValidationError, $"A count is a whole number from 0 to {QuotaLedger.GreatestCount}.");
        }

        var found = await FindAsync(change.Key);
        if (!found.IsSuccess)
        {
            return found.Errors;
        }

        if (change.PeriodKey is { } period && !found.Value.Any(counter => counter.Count.PeriodKey == period))
        {
            return new GatewayError(ErrorKind.ResourceNotFound, $"The quota has no current period '{period}'.");
        }

        var counts = new List<QuotaCount>();
        foreach (var (id, entry, count) in found.Value)
        {
            var value = entry.Label.Measure == QuotaMeasure.Calls ? change.Calls : change.Kilobytes;
            if (value is null || (change.PeriodKey is not null && count.PeriodKey != change.PeriodKey))
            {
                counts.Add(count);
            }
            else if (await Partition(id).Set(id, entry.Definition, value.Value) is { } view)
            {
                counts.Add(Describe(entry, view));
            }
            else
            {
                return Unavailable();
            }
        }

        return counts.ToArray();
    }

    private async Task<Result<(CounterId Counter, QuotaEntry Entry, QuotaCount Count)[]>> FindAsync(string key)
    {
        var text = QuotaLabel.Cut(key);
        var entries = await store.FindAsync(this.GetPrimaryKeyString(), text);
        if (entries.Count == 0)
        {
            return new GatewayError(ErrorKind.ResourceNotFound, "No quota has counted anything under this key.");
        }

        var views = await Task.WhenAll(entries.Select(entry => Partition(entry.Counter).View(entry.Counter, entry.Entry.Definition)));
        return Array.Exists(views, view => view is null)
            ? Unavailable()
            : entries.Zip(views, (entry, view) => (entry.Counter, entry.Entry, Describe(entry.Entry, view!))).OrderBy(entry => entry.Item3.PeriodKey, StringComparer.Ordinal).ToArray();
    }

    private IQuotaPartition Partition(CounterId counter) => GrainFactory.GetGrain<IQuotaPartition>(counter.Partition);

    private static QuotaCount Describe(QuotaEntry entry, QuotaView view)
    {
        var quota = entry.Definition.Quota!;
        return new QuotaCount
        {
            Measure = entry.Label.Measure,
            PeriodKey = string.Create(
                CultureInfo.InvariantCulture, $"{QuotaCalendar.Index(quota, view.Start)}_{XmlConvert.ToString(TimeSpan.FromSeconds(quota.Seconds))}"),
            Start = DateTimeOffset.FromUnixTimeMilliseconds(view.Start),
            End = view.End == QuotaCalendar.Never ? null : DateTimeOffset.FromUnixTimeMilliseconds(view.End),
            Used = view.Used,
        };
    }

    private static GatewayError Unavailable() =>
        new(ErrorKind.ServiceUnavailable, "The counters of this key cannot be read or set now. Try again later.");
}
