namespace Gateway.Grains.Tests.Counters.Simulation;

/// <summary>Runs a scenario, and what came of it.</summary>
internal sealed record SimulationRun(long Excess, double Under, double CallsPerRequest, int Requests, int Admitted, int Recalls, int Cut)
{
    public static SimulationRun Of(Scenario scenario)
    {
        var random = new Random(scenario.Seed);
        var timeline = new Timeline();
        var log = new AdmissionLog(scenario);
        var site = new SimulatedSite(scenario, timeline, random);
        var edges = new SimulatedEdge[scenario.Edges];
        var lives = new List<SimulatedEdge>();
        for (var index = 0; index < edges.Length; index++)
        {
            Begin(index);
        }

        Arrive();
        Repeat(scenario.EdgeDeaths, () =>
        {
            var index = random.Next(edges.Length);
            edges[index].Kill();
            Begin(index);
        });
        Repeat(scenario.EdgePauses, () => edges[random.Next(edges.Length)].Pause(timeline.Now + random.NextInt64(6 * Scenario.Second)));
        foreach (var at in scenario.HolderLosses)
        {
            timeline.At(at, site.LoseHolder);
        }

        foreach (var at in scenario.HandOvers)
        {
            timeline.At(at, site.HandOver);
        }

        foreach (var at in scenario.HolderPauses)
        {
            timeline.At(at, () => site.PauseHolder(timeline.Now + random.NextInt64(2 * Scenario.Second)));
        }

        foreach (var (at, limit) in scenario.Changes)
        {
            for (var index = 0; index < edges.Length; index++)
            {
                var edge = index;
                timeline.At(at + random.NextInt64(Scenario.Second), () => (edges[edge].Limit, edges[edge].Publication) = (limit, Math.Max(edges[edge].Publication, at)));
            }
        }

        timeline.RunUntil(scenario.Duration);
        return new SimulationRun(
            log.Excess(), log.Under(), (double)(lives.Sum(edge => edge.Calls) + site.Recalls + site.Echoes) / Math.Max(1, log.Requests), log.Requests, log.Admitted, site.Recalls, site.Cut);

        void Begin(int index)
        {
            edges[index] = new SimulatedEdge(scenario, timeline, site, log, random);
            var change = scenario.Changes.LastOrDefault(change => change.At <= timeline.Now);
            if (change.At > 0)
            {
                (edges[index].Limit, edges[index].Publication) = (change.Limit, change.At);
            }

            lives.Add(edges[index]);
            site.Add(edges[index]);
        }

        void Arrive()
        {
            var rate = scenario.Rate(timeline.Now);
            var gap = rate <= 0 ? Scenario.Second / 10 : (long)(-Math.Log(1 - random.NextDouble()) / rate * Scenario.Second);
            timeline.After(Math.Min(gap, Scenario.Second), () =>
            {
                if (gap <= Scenario.Second && rate > 0)
                {
                    edges[scenario.Balancer(random, timeline.Now, edges.Length)].Request();
                }

                Arrive();
            });
        }

        void Repeat(double perSecond, Action action)
        {
            if (perSecond > 0)
            {
                timeline.After((long)(-Math.Log(1 - random.NextDouble()) / perSecond * Scenario.Second), () =>
                {
                    action();
                    Repeat(perSecond, action);
                });
            }
        }
    }
}
