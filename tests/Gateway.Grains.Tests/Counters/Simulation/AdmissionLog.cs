namespace Gateway.Grains.Tests.Counters.Simulation;

/// <summary>Every admission of a run, and the judgement on them.</summary>
internal sealed class AdmissionLog(Scenario scenario)
{
    // A token granted under the limit before may be spent for the life of a lease.
    private const long LeaseLife = 2100 * Scenario.Millisecond;

    private readonly List<long> _arrivals = [];
    private readonly List<long> _admissions = [];

    public int Requests => _arrivals.Count;

    public int Admitted => _admissions.Count;

    public void Arrived(long now) => _arrivals.Add(now);

    public void Admit(long now) => _admissions.Add(now);

    /// <summary>The most by which any window of one period, at any place, holds more than the limit. Brute force over all windows that begin with an admission.</summary>
    public long Excess()
    {
        _admissions.Sort();
        var worst = long.MinValue;
        var end = 0;
        for (var first = 0; first < _admissions.Count; first++)
        {
            var start = _admissions[first];
            end = Math.Max(end, first);
            while (end < _admissions.Count && _admissions[end] - start < scenario.Period)
            {
                end++;
            }

            worst = Math.Max(worst, end - first - LimitWithin(start - LeaseLife, start + scenario.Period));
        }

        return Math.Max(0, worst);
    }

    /// <summary>The share of what one exact counter would have admitted of the same requests, without waiting, that was not.</summary>
    public double Under()
    {
        var ideal = new Queue<long>();
        var admitted = 0;
        foreach (var arrival in _arrivals)
        {
            while (ideal.TryPeek(out var oldest) && arrival - oldest >= scenario.Period)
            {
                ideal.Dequeue();
            }

            if (ideal.Count < scenario.Limit)
            {
                ideal.Enqueue(arrival);
                admitted++;
            }
        }

        return admitted == 0 ? 0 : Math.Max(0, (double)(admitted - Admitted) / admitted);
    }

    private long LimitWithin(long from, long to)
    {
        var most = scenario.Limit;
        var inForce = scenario.Limit;
        foreach (var (at, limit) in scenario.Changes)
        {
            if (at > to)
            {
                break;
            }

            // Replaced before the window: it does not count any more.
            most = at + (2 * Scenario.Second) < from ? limit : Math.Max(most, limit);
            inForce = limit;
        }

        return Math.Max(most, inForce);
    }
}
