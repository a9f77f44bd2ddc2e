using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Gateway.Edge.Requests;
using Gateway.Hosting.Settings;

namespace Gateway.Edge.AccessLog;

/// <summary>
/// The records on their way to the access log: a bounded ring with any number of producers and one consumer. A producer takes
/// a place by one compare-and-swap, never waits, and drops its record when the ring is full.
/// </summary>
internal sealed class AccessLogQueue
{
    private readonly Cell[] _cells;
    private readonly AccessLogMode _mode;
    private readonly SemaphoreSlim _wake = new(0);
    private long _tail;
    private long _head;
    private long _dropped;
    private int _consumerSleeps;

    /// <summary>Makes a ring.</summary>
    /// <param name="mode">Which requests are named.</param>
    /// <param name="capacity">How many records it holds; rounded up to a power of two.</param>
    public AccessLogQueue(AccessLogMode mode, int capacity = 16 * 1024)
    {
        _mode = mode;
        _cells = new Cell[BitOperations.RoundUpToPowerOf2((uint)capacity)];
        for (var index = 0; index < _cells.Length; index++)
        {
            _cells[index].Turn = index;
        }
    }

    /// <summary>Hands a record over, if the mode wants it.</summary>
    public void Write(in RequestRecord record)
    {
        if (_mode == AccessLogMode.Off || (_mode == AccessLogMode.Errors && record.Status < StatusCodes.Status400BadRequest))
        {
            return;
        }

        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            ref var cell = ref _cells[tail & (_cells.Length - 1)];
            var turn = Volatile.Read(ref cell.Turn);
            if (turn < tail)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }

            if (turn == tail && Interlocked.CompareExchange(ref _tail, tail + 1, tail) == tail)
            {
                cell.Record = record;
                Volatile.Write(ref cell.Turn, tail + 1);
                break;
            }
        }

        // A full fence stands between what was written and the look at the sleeper: one of both sides sees the other.
        if (Interlocked.CompareExchange(ref _consumerSleeps, 0, 1) == 1)
        {
            _wake.Release();
        }
    }

    /// <summary>Takes the oldest record; only one thread may do so at a time.</summary>
    public bool TryRead([MaybeNullWhen(false)] out RequestRecord record)
    {
        ref var cell = ref _cells[_head & (_cells.Length - 1)];
        if (Volatile.Read(ref cell.Turn) != _head + 1)
        {
            record = default;
            return false;
        }

        record = cell.Record;
        cell.Record = default;
        Volatile.Write(ref cell.Turn, _head + _cells.Length);
        _head++;
        return true;
    }

    /// <summary>Waits until there is something to read.</summary>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _consumerSleeps, 1);
        ref var cell = ref _cells[_head & (_cells.Length - 1)];
        if (Volatile.Read(ref cell.Turn) == _head + 1 && Interlocked.CompareExchange(ref _consumerSleeps, 0, 1) == 1)
        {
            return;
        }

        await _wake.WaitAsync(cancellationToken);
    }

    /// <summary>How many records were dropped since the last call.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    private struct Cell
    {
        /// <summary>The place in the endless sequence that may write here next; one more once it has written.</summary>
        public long Turn;
        public RequestRecord Record;
    }
}
