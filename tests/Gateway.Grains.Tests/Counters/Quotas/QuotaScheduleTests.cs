using Gateway.Contracts.Counters;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Grains.Tests.Counters.Quotas;

/// <summary>Two activations of one partition, each with edges of its own, on one store: killed, ended in order, with answers lost, clocks stepped and a store that forgets its last write.</summary>
public sealed class QuotaScheduleTests
{
    private const int Schedules = 1000;
    private const int Steps = 120;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Schedules_AtRandom_NoPeriodSpendsMoreThanTheLimit(int activations)
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            var site = new Site(new Random(seed), activations);
            for (var step = 0; step < Steps; step++)
            {
                site.Step();
                var (period, spent) = site.Worst;
                Assert.True(spent <= site.Limit, $"seed {seed}, step {step}: {spent} of {site.Limit} spent in the period of {period}");
            }
        }
    }

    private sealed class Site
    {
        private readonly Random _random;
        private readonly FakeTimeProvider _clock = new();
        private readonly FakeQuotaStore _store = new() { Time = 3_600_000_000 };
        private readonly QuotaHolder[] _holders;
        private readonly Edge[][] _edges;
        private readonly Dictionary<long, long> _spent = [];
        private long _epoch = 1;

        public Site(Random random, int activations)
        {
            _random = random;
            Limit = random.Next(4) switch { 0 => random.Next(1, 10), 1 => 1000, _ => random.Next(10, 200) };
            _holders = [.. Enumerable.Range(0, activations).Select(_ => Begin())];
            _edges = [.. Enumerable.Range(0, activations).Select(_ => Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Edge()).ToArray())];
        }

        public long Limit { get; }

        public (long Period, long Spent) Worst => _spent.Count == 0 ? (0, 0) : _spent.Select(period => (period.Key, period.Value)).MaxBy(period => period.Value);

        private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

        public void Step()
        {
            var line = _random.Next(_holders.Length);
            var edge = _edges[line][_random.Next(_edges[line].Length)];
            switch (_random.Next(40))
            {
                case < 14:
                    Ask(line, edge);
                    break;
                case < 24:
                    Spend(edge);
                    break;
                case < 29:
                    _holders[line].Pass(TimeSpan.FromMilliseconds(_random.Next(1, 3000)));
                    break;
                case < 30:
                    _holders[line].Pass(TimeSpan.FromMinutes(_random.Next(1, 30)));
                    break;
                case < 32:
                    _store.IsAway = _random.Next(3) == 0;
                    _store.LosesAnswers = _random.Next(3) == 0;
                    break;
                case < 33:
                    Kill(line);
                    break;
                case < 34:
                    _holders[line] = _holders[line].HandOver();
                    break;
                case < 35:
                    _store.Time += _random.Next(-7_200_000, 7_200_000);
                    break;
                case < 37:
                    _holders[line].Tick();
                    break;
                case < 38:
                    edge.Owed += _random.Next(1, 3);
                    break;
                case < 39:
                    _edges[line][Array.IndexOf(_edges[line], edge)] = new Edge();
                    break;
                default:
                    edge.Held.Clear();
                    break;
            }
        }

        private QuotaHolder Begin() => new(_store, _clock, _epoch++)
        {
            Definition = new() { Limit = Limit, PeriodMilliseconds = 0, Quota = new QuotaPeriod(3600, DateTimeOffset.UnixEpoch) },
        };

        private void Kill(int line)
        {
            _holders[line] = Begin();
            foreach (var edge in _edges[line].Where(_ => _random.Next(3) > 0))
            {
                edge.Drop(Now);
                edge.Unreported = 0;
                _holders[line].Partition.Learn(_holders[line].Now, edge.Life, edge.Held.Count == 0 ? [] :
                [
                    new CounterMemory
                    {
                        Counter = QuotaHolder.Counter,
                        Definition = _holders[line].Definition,
                        Held = edge.Held.Sum(slice => slice.Count),
                        HeldForMilliseconds = (int)(edge.Held.Max(slice => slice.Deadline) - Now),
                    },
                ]);
            }

            // An edge that did not tell is another life to the new holder.
            _edges[line] = [.. _edges[line].Select(edge => _holders[line].Partition.Knows(edge.Life) ? edge : new Edge())];
            _holders[line].Go();
        }

        private void Ask(int line, Edge edge)
        {
            var holder = _holders[line];
            edge.Drop(Now);
            var (sent, spent) = (Now, edge.Unreported);
            var period = holder.Ledger.Account.Record?.Start ?? 0;
            var reply = holder.Ask(edge.Life, _random.Next(0, 12), spent, edge.Held.Sum(slice => slice.Count), edge.Owed);
            if (_random.Next(8) == 0)
            {
                // The answer is lost.
                return;
            }

            edge.Unreported -= spent;
            if (reply.Granted > 0)
            {
                edge.Held.Add((sent + reply.ValidForMilliseconds, reply.Granted, period));
            }
        }

        private void Spend(Edge edge)
        {
            edge.Drop(Now);
            for (var count = _random.Next(1, 6); count > 0 && edge.Held.Count > 0; count--)
            {
                var (deadline, left, period) = edge.Held[0];
                _spent[period] = _spent.GetValueOrDefault(period) + 1;
                edge.Unreported++;
                edge.Held[0] = (deadline, left - 1, period);
                edge.Held.RemoveAll(slice => slice.Count == 0);
            }
        }
    }

    private sealed class Edge
    {
        public Guid Life { get; } = Guid.NewGuid();

        public List<(long Deadline, long Count, long Period)> Held { get; } = [];

        public long Unreported { get; set; }

        public long Owed { get; set; }

        public void Drop(long now) => Held.RemoveAll(slice => slice.Deadline <= now);
    }
}
