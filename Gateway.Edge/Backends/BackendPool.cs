using Gateway.Contracts.Publications;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Backends;

/// <summary>
/// Chooses a backend for each request: of those of the lowest priority number that are not out of use, in turn, each as often as its weight says. A turn is one
/// step of a schedule that is laid out once, so that choosing needs no lock.
/// </summary>
internal sealed class BackendPool
{
    private readonly Group[] _groups;
    private readonly SessionAffinity? _sessions;

    /// <summary>A pool.</summary>
    /// <param name="entry">It and its members, as published.</param>
    /// <param name="find">Gives a backend by its id; null when it is not there.</param>
    public BackendPool(BackendEntry entry, Func<string, BackendModel?> find)
    {
        (PoolMemberEntry Entry, BackendModel Backend)[] members =
        [
            .. from member in entry.Pool ?? []
               let backend = find(member.Id)
               where backend is { Url: not null }
               select (member, backend),
        ];
        _groups =
        [
            .. members
                .GroupBy(member => member.Entry.Priority)
                .OrderBy(group => group.Key)
                .Select(group => new Group(Schedule([.. group.Select(member => (member.Backend, member.Entry.Weight))]))),
        ];
        _sessions = entry.SessionCookie is { } cookie ? new(cookie, entry.Id, members.Select(member => member.Backend)) : null;
    }

    /// <summary>The backend for a request; null when all are out of use.</summary>
    /// <param name="request">The request, which may be of a session.</param>
    /// <param name="now">The time.</param>
    /// <param name="session">What the client has to be told, as a <c>Set-Cookie</c>, when a session begins or moves; else none.</param>
    public BackendModel? Choose(HttpRequest request, DateTimeOffset now, out StringValues session)
    {
        session = default;
        if (_sessions is null)
        {
            return Choose(now);
        }

        if (_sessions.Find(request) is { } member && member.IsInUse(now))
        {
            return member;
        }

        var chosen = Choose(now);
        session = chosen is null ? default : _sessions.Begin(request, chosen);
        return chosen;
    }

    private BackendModel? Choose(DateTimeOffset now)
    {
        foreach (var group in _groups)
        {
            if (group.Choose(now) is { } backend)
            {
                return backend;
            }
        }

        return null;
    }

    /// <summary>Each as often as its weight, and those of one backend as far apart as can be (smooth weighted round-robin).</summary>
    private static BackendModel[] Schedule((BackendModel Backend, int Weight)[] members)
    {
        var weights = Array.ConvertAll(members, member => member.Weight);
        if (weights.All(weight => weight == 0))
        {
            Array.Fill(weights, 1);
        }

        var divisor = weights.Aggregate(0, GreatestCommonDivisor);
        var total = weights.Sum() / divisor;
        var schedule = new BackendModel[total];
        var credit = new int[members.Length];
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < members.Length; i++)
            {
                credit[i] += weights[i] / divisor;
                best = credit[i] > credit[best] ? i : best;
            }

            credit[best] -= total;
            schedule[turn] = members[best].Backend;
        }

        return schedule;
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    private sealed class Group(BackendModel[] schedule)
    {
        private int _turn = -1;

        public BackendModel? Choose(DateTimeOffset now)
        {
            var turn = (uint)Interlocked.Increment(ref _turn);
            for (uint i = 0; i < schedule.Length; i++)
            {
                var backend = schedule[(turn + i) % (uint)schedule.Length];
                if (backend.IsInUse(now))
                {
                    return backend;
                }
            }

            return null;
        }
    }
}
