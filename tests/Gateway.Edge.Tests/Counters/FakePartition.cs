using System.Collections.Concurrent;
using Gateway.Contracts.Counters;

namespace Gateway.Edge.Tests.Counters;

/// <summary>
/// A partition that grants what a test says, keeps what it is told, and checks that no edge claims more than it was lent.
/// </summary>
internal sealed class FakePartition : ICounterPartitionGrain
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CounterId, long> _lent = [];
    private readonly Dictionary<CounterId, long> _owed = [];
    private long _grant;

    public ConcurrentQueue<LeaseCall> Calls { get; } = new();

    /// <summary>The word on one request.</summary>
    public Func<LeaseRequest, LeaseReply> Word { get; set; } = _ => new() { ValidForMilliseconds = 2000, ActiveEdges = 1 };

    /// <summary>What is awaited before a call is answered.</summary>
    public Func<LeaseCall, Task>? Before { get; set; }

    /// <summary>What becomes of an answer on its way.</summary>
    public Func<LeaseAnswer, LeaseAnswer> Answer { get; set; } = answer => answer;

    public long Epoch { get; set; } = 1;

    /// <summary>True: an edge of an earlier epoch is answered without its echo.</summary>
    public bool AdmitsStrangers { get; set; }

    /// <summary>Tokens that edges said they have spent.</summary>
    public long Spent { get; private set; }

    /// <summary>What edges said they have used beyond what was granted.</summary>
    public long Owed { get; private set; }

    /// <summary>Tokens granted.</summary>
    public long Granted { get; private set; }

    /// <summary>Tokens that came back.</summary>
    public long Back { get; private set; }

    /// <summary>Claims beyond what was lent.</summary>
    public ConcurrentQueue<string> Lies { get; } = new();

    public LeaseRequest LastRequest => Calls.Last().Requests[^1];

    /// <summary>Grants whatever is asked, at least so many.</summary>
    public void GrantAtLeast(long count, long remaining = 100) => Word = request => new()
    {
        Granted = request.Want > 0 || request.Waiting > 0 ? Math.Max(count, Math.Max(request.Want, request.Waiting)) : 0,
        ValidForMilliseconds = 2000,
        Remaining = remaining,
        ActiveEdges = 1,
    };

    /// <summary>Grants so many once, then says that all is spent.</summary>
    public void GrantOnce(long count, int retryAfter = 30_000, int validFor = 2000)
    {
        var left = count;
        Word = request =>
        {
            var granted = request.Want > 0 || request.Waiting > 0 ? left : 0;
            left -= granted;
            return new()
            {
                Granted = granted, ValidForMilliseconds = validFor, ActiveEdges = 1,
                IsSpent = granted == 0 && request.Waiting > 0, RetryAfterMilliseconds = granted == 0 && request.Waiting > 0 ? retryAfter : 0,
            };
        };
    }

    public async Task<LeaseAnswer> Acquire(LeaseCall call, CancellationToken cancellationToken)
    {
        Calls.Enqueue(call);
        if (Before is not null)
        {
            await Before(call);
        }

        lock (_gate)
        {
            if (call.Epoch != 0 && call.Epoch != Epoch && !AdmitsStrangers)
            {
                return new() { Epoch = Epoch, Replies = [], RetryAfterMilliseconds = 1 };
            }

            return Answer(new() { Epoch = Epoch, Replies = [.. call.Requests.Select(request => Take(call, request))] });
        }
    }

    private LeaseReply Take(LeaseCall call, LeaseRequest request)
    {
        var lent = _lent.GetValueOrDefault(request.Counter);
        if (call.Epoch == Epoch)
        {
            if (request.Spent + request.Held > lent)
            {
                Lies.Enqueue($"call {call.Sequence}: {request.Spent} spent and {request.Held} held of {lent}");
            }

            Spent += request.Spent;
            var before = _owed.GetValueOrDefault(request.Counter);
            Owed += request.Owed >= before ? request.Owed - before : request.Owed;
            _owed[request.Counter] = request.Owed;
            Back += lent - request.Spent - request.Held;
            lent = request.Held;
        }

        var reply = Word(request);
        Granted += reply.Granted;
        _lent[request.Counter] = lent + reply.Granted;
        return reply.Granted > 0 ? reply with { Grant = ++_grant } : reply;
    }
}
