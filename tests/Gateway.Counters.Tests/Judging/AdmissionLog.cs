using System.Globalization;
using Gateway.Contracts.Counters;
using Gateway.Counters.Tests.Engine;
using Gateway.Edge.Counters;
using Gateway.Policies.Execution;

namespace Gateway.Counters.Tests.Judging;

/// <summary>All requests of a run and the words on them, all grants, and the rules that can be judged as they happen.</summary>
internal sealed class AdmissionLog(Timeline timeline)
{
    private readonly Dictionary<(CounterId Counter, long Epoch, long Grant), long> _grants = [];
    private readonly HashSet<(string Grant, long Serial)> _serials = [];

    public List<Arrival> Arrivals { get; } = [];

    /// <summary>Requests that passed: when, and where.</summary>
    public List<(long At, string Edge, bool IsOutage)> Admissions { get; } = [];

    /// <summary>When a partition gave up to wait for what an edge knows, and which life of it.</summary>
    public List<(long At, Guid Edge)> Silent { get; } = [];

    public long Calls { get; private set; }

    public Arrival Arrive(string edge, bool isGivenBack)
    {
        var arrival = new Arrival(timeline.Now, edge) { IsGivenBack = isGivenBack };
        Arrivals.Add(arrival);
        return arrival;
    }

    public void Called(LeaseCall call) => Calls += call.Requests.Length > 0 ? 1 : 0;

    public void Answered(LeaseCall call, LeaseAnswer answer)
    {
        for (var index = 0; index < answer.Replies.Length; index++)
        {
            var reply = answer.Replies[index];
            if (reply.Granted > 0 && !_grants.TryAdd((call.Requests[index].Counter, answer.Epoch, reply.Grant), reply.Granted))
            {
                timeline.Failures.Add($"{timeline.Now}: grant {reply.Grant} of epoch {answer.Epoch} was made twice.");
            }
        }
    }

    public void Decided(Arrival arrival, LimitDecision decision)
    {
        (arrival.DecidedAt, arrival.Verdict) = (timeline.Now, decision.Verdict);
        if (decision.Verdict != LimitVerdict.Admitted)
        {
            return;
        }

        if (arrival.IsGivenBack)
        {
            decision.Grant!.GiveBack();
            return;
        }

        var lease = ((AdmissionStamp)decision.Grant!).Lease;
        var serial = lease.NextSerial();
        var parts = lease.Grant.Stamp(serial, default).Split(';');
        var (epoch, grant) = (Number(parts[1]), Number(parts[2]));
        Admissions.Add((timeline.Now, arrival.Edge, grant == 0));
        if (grant == 0)
        {
            return;
        }

        if (!_serials.Add(($"{parts[0]};{epoch};{grant}", serial)))
        {
            timeline.Failures.Add($"{timeline.Now}: token {serial} of grant {grant} of epoch {epoch} let two requests pass.");
        }

        var size = _grants.Where(made => made.Key.Epoch == epoch && made.Key.Grant == grant && made.Key.Counter.ToString() == parts[0]).Select(made => made.Value).FirstOrDefault();
        if (serial > size)
        {
            timeline.Failures.Add($"{timeline.Now}: grant {grant} of epoch {epoch} was of {size} tokens, and let {serial} requests pass.");
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
