using Gateway.Edge.Caching;
using Gateway.Edge.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Edge.Tests.Caching;

public sealed class CacheMemoryTests : IDisposable
{
    private const int Bytes = 1000;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly CacheMemory _memory;

    public CacheMemoryTests() => _memory = new(new CacheOptions { MemoryBytes = 100 * Bytes }, _time);

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Offer_IsKept_WhileThereIsRoom() => Assert.Equal(50, Kept(50));

    [Fact]
    public async Task Offer_ToAFullMemory_IsKeptNowAndThen()
    {
        await FillAsync();

        Assert.InRange(Kept(1000), 1, 300);
    }

    [Fact]
    public async Task Offer_OfWhatIsHeldAlready_TakesItsPlace()
    {
        await FillAsync();
        _memory.Set("held", new Content("old"), 1, Later);
        Assert.True(_memory.TryGet("held", out Content? _));

        _memory.Offer("held", new Content("new"), 1, Later);

        Assert.True(_memory.TryGet("held", out Content? found));
        Assert.Equal("new", found.Text);
    }

    [Fact]
    public async Task Offer_SomeTimeAfterTheMemoryWasFull_IsKept()
    {
        await FillAsync();

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(3, Kept(3));
    }

    private DateTimeOffset Later => _time.GetUtcNow() + TimeSpan.FromHours(1);

    private int Kept(int offers)
    {
        var kept = 0;
        for (var number = 0; number < offers; number++)
        {
            var key = Guid.NewGuid();
            _memory.Offer(key, new Content("offered"), Bytes, Later);
            kept += _memory.TryGet(key, out Content? _) ? 1 : 0;
        }

        return kept;
    }

    // Room is made behind the request that lacked it.
    private async Task FillAsync()
    {
        for (var number = 0; number < 200; number++)
        {
            _memory.Set(number, new Content("filling"), Bytes, Later);
        }

        await Eventually.HoldsAsync(() => _memory.Bytes <= 95 * Bytes, "room is made");
    }

    private sealed record Content(string Text);
}
