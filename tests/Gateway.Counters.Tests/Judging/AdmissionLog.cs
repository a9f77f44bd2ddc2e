using System.Globalization;
using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;
using Gateway.Edge.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests.Judging;

/// <summary>All requests of a run and the words on them, all grants, and the rules that can be judged as they happen.</summary>
internal sealed class AdmissionLog(Timeline timeline, NodeClock site)
{
    private readonly Dictionary<(string Counter, long Epoch, long Number), (long Size, long At, DateTimeOffset? PeriodEnd)> _grants = [];
    private readonly HashSet<((string Counter, long Epoch, long Number) Grant, long Serial)> _serials = [];

    public List<Arrival> Arrivals { get; } = [];

    /// <summary>The tokens that let requests pass.</summary>
    public List<Admission> Admissions { get; } = [];

    /// <summary>When a partition gave up to wait for what an edge knows, and which life of it.</summary>
    public List<(long At, Guid Edge)> Silent { get; } = [];

    /// <summary>Which edges have slept, and when they woke up.</summary>
    public List<(string Edge, long Until)> Sleeps { get; } = [];

    public long Calls { get; private set; }

    public Arrival Arrive(string edge, long? givenBackAfter, int count)
    {
        var arrival = new Arrival(timeline.Now, edge) { GivenBackAfter = givenBackAfter, Count = count };
        Arrivals.Add(arrival);
        return arrival;
    }

    public void Called(LeaseCall call) => Calls += call.Requests.Length > 0 ? 1 : 0;

    /// <summary>A partition has answered.</summary>
    /// <param name="call">Whom.</param>
    /// <param name="answer">What.</param>
    /// <param name="periodEnd">When the period ends that it lends from now; null for never.</param>
    public void Answered(LeaseCall call, LeaseAnswer answer, Func<DateTimeOffset?> periodEnd)
    {
        for (var index = 0; index < answer.Replies.Length; index++)
        {
            var reply = answer.Replies[index];
            if (reply.Granted > 0 && !_grants.TryAdd(
                (call.Requests[index].Counter.ToString(), answer.Epoch, reply.Grant), (reply.Granted, timeline.Now, reply.PeriodEndsInMilliseconds > 0 ? periodEnd() : null)))
            {
                timeline.Failures.Add($"{timeline.Now}: grant {reply.Grant} of epoch {answer.Epoch} was made twice.");
            }
        }
    }

    public void Decided(Arrival arrival, LimitDecision decision)
    {
        (arrival.DecidedAt, arrival.Verdict, arrival.RetryAfterSeconds) = (timeline.Now, decision.Verdict, decision.RetryAfterSeconds);
        if (decision.Verdict != LimitVerdict.Admitted || arrival.GivenBackAfter is not null)
        {
            return;
        }

        // The tokens of a request may come from two grants.
        foreach (var stamp in ((AdmissionStamp)decision.Grant!).Stamp(arrival.Count, default).Split(", "))
        {
            var parts = stamp.Split(';');
            Admit(arrival, (parts[0], Number(parts[1]), Number(parts[2])), Number(parts[3]), parts.Length > 5 ? Number(parts[5]) : 1);
        }
    }

    // The last serial is told, of so many.
    private void Admit(Arrival arrival, (string Counter, long Epoch, long Number) grant, long last, long count)
    {
        var (size, lentAt, periodEnd) = _grants.GetValueOrDefault(grant);
        for (var serial = last - count + 1; serial <= last; serial++)
        {
            Admissions.Add(new(timeline.Now, arrival.Edge, grant.Number == 0, site.GetUtcNow(), lentAt, periodEnd));
            if (grant.Number > 0 && !_serials.Add((grant, serial)))
            {
                timeline.Failures.Add($"{timeline.Now}: token {serial} of grant {grant} let two requests pass.");
            }
        }

        if (grant.Number > 0 && last > size)
        {
            timeline.Failures.Add($"{timeline.Now}: grant {grant} was of {size} tokens, and {last} were used.");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
