using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using Gateway.Grains.Counters.Quotas;

namespace Gateway.Grains.Tests.Counters.Quotas;

/// <summary>A store in memory with a clock that a test steps.</summary>
internal sealed class FakeQuotaStore : IQuotaStore
{
    public Dictionary<CounterId, string> Records { get; } = [];

    public long Time { get; set; } = 1_000_000_000_000;

    public int Writes { get; private set; }

    public bool IsAway { get; set; }

    /// <summary>The next writes are made, but nobody hears of it.</summary>
    public bool LosesAnswers { get; set; }

    public Task<QuotaReading> ReadAsync(IReadOnlyList<CounterId> counters) => IsAway
        ? Task.FromException<QuotaReading>(new TimeoutException())
        : Task.FromResult(new QuotaReading(Time, [.. counters.Select(Records.GetValueOrDefault)]));

    public Task<bool[]> WriteAsync(int partition, string owner, IReadOnlyList<QuotaWrite> writes) => IsAway
        ? Task.FromException<bool[]>(new TimeoutException())
        : LosesAnswers
            ? Lost(writes.Select(Write).ToArray())
            : Task.FromResult(writes.Select(Write).ToArray());

    public long Reserved(CounterId counter) => QuotaRecord.Parse(Records.GetValueOrDefault(counter))?.Reserved ?? 0;

    private static Task<bool[]> Lost(bool[] written) => Task.FromException<bool[]>(new TimeoutException($"{written.Length} writes"));

    private bool Write(QuotaWrite write)
    {
        if (Records.GetValueOrDefault(write.Counter) != write.Expected)
        {
            return false;
        }

        Writes++;
        Records[write.Counter] = write.Next.ToString();
        return true;
    }
}
