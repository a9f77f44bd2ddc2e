using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.Contracts.Caching;
using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Caching;

/// <summary>
/// The responses that requests look for most, by the Space-Saving sketch over one look-up in eight: of a full table the response that was seen least makes room for a new one, which inherits its count.
/// A request never waits: while another is in the table it is not counted.
/// </summary>
internal sealed class HotResponses(TimeProvider time)
{
    private const int Capacity = 2 * CacheUse.MaximumResponses;
    private const int SampleBits = 3;

    private readonly Dictionary<UInt128, Seen> _seen = new(Capacity);
    private long _begun = time.GetTimestamp();
    private int _isTaken;

    /// <summary>Notes that a request has looked for a response.</summary>
    /// <param name="key">The response.</param>
    /// <param name="context">The request.</param>
    /// <param name="isHit">True when it was there.</param>
    public void Note(ResponseKey key, PolicyContext context, bool isHit)
    {
        if (!IsSampled() || Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            return;
        }

        try
        {
            ref var seen = ref CollectionsMarshal.GetValueRefOrNullRef(_seen, key.Short);
            if (Unsafe.IsNullRef(ref seen))
            {
                Add(key.Short, context, isHit);
            }
            else
            {
                seen.Requests++;
                seen.Hits += isHit ? 1 : 0;
            }
        }
        finally
        {
            Volatile.Write(ref _isTaken, 0);
        }
    }

    /// <summary>What was seen most since the last time, and begins anew.</summary>
    /// <returns>Null when a request is in the table just now.</returns>
    public HotResponse[]? Take()
    {
        if (Interlocked.Exchange(ref _isTaken, 1) != 0)
        {
            return null;
        }

        var perSecond = (1 << SampleBits) / Math.Max(0.001, time.GetElapsedTime(_begun).TotalSeconds);
        HotResponse[] hottest =
        [
            .. _seen.OrderByDescending(seen => seen.Value.Requests).Take(CacheUse.MaximumResponses)
                .Select(seen => new HotResponse(seen.Key, seen.Value.Api, seen.Value.Operation, seen.Value.Path, seen.Value.Requests * perSecond, seen.Value.Hits * perSecond)),
        ];
        _seen.Clear();
        _begun = time.GetTimestamp();
        Volatile.Write(ref _isTaken, 0);
        return hottest;
    }

    private void Add(UInt128 key, PolicyContext context, bool isHit)
    {
        var least = 0L;
        if (_seen.Count >= Capacity)
        {
            var (evicted, count) = _seen.MinBy(seen => seen.Value.Requests);
            least = count.Requests;
            _seen.Remove(evicted);
        }

        var path = context.OriginalPath;
        _seen[key] = new()
        {
            Api = context.Api?.Id,
            Operation = context.Operation?.Id,
            Path = path.Length > HotResponse.MaximumPath ? path[..HotResponse.MaximumPath] : path,
            Requests = least + 1,
            Hits = isHit ? 1 : 0,
        };
    }

    // Not one in a row of eight, which regular traffic could keep in step with.
    private bool IsSampled() => (((ulong)time.GetTimestamp() * 0x9E37_79B9_7F4A_7C15) >> (64 - SampleBits)) == 0;

    private struct Seen
    {
        public required string? Api { get; init; }

        public required string? Operation { get; init; }

        public required string Path { get; init; }

        public required long Requests { get; set; }

        public required long Hits { get; set; }
    }
}
