using Gateway.Counters.Tests.Schedules;

namespace Gateway.Counters.Tests;

/// <summary>A schedule that fails once fails always.</summary>
public sealed class DeterminismTests
{
    [Fact]
    public void Schedule_RunTwice_GoesTheSameWay()
    {
        var faults = Enum.GetValues<FaultKind>().Select((kind, index) => new Fault(600 + (index * 350), kind, index, index, 700)).ToArray();
        for (var seed = 0; seed < 20; seed++)
        {
            var schedule = new Schedule { Seed = seed, Edges = 3, Silos = 3, Faults = faults };

            var (once, again) = (Simulation.Run(schedule), Simulation.Run(schedule));

            Assert.Equal((once.Requests, once.Admitted, once.Calls, once.Excess), (again.Requests, again.Admitted, again.Calls, again.Excess));
            Assert.Equal(once.Failures, again.Failures);
        }
    }
}
