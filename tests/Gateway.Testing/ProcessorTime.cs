using Xunit;

namespace Gateway.Testing;

/// <summary>
/// What something costs in processor time of this process, other tests in it included. Unlike time on a clock it does not grow
/// while other processes keep the machine busy, so a bound on it says something about the code.
/// </summary>
public sealed class ProcessorTime
{
    private readonly TimeSpan _begun = Environment.CpuUsage.TotalTime;

    private ProcessorTime()
    {
    }

    /// <summary>Counts from now on.</summary>
    public static ProcessorTime Start() => new();

    /// <summary>Fails when more than that was spent since the start.</summary>
    /// <param name="seconds">Seconds of processor time, over all threads.</param>
    public void AssertAtMost(double seconds)
    {
        var spent = Environment.CpuUsage.TotalTime - _begun;
        Assert.True(spent.TotalSeconds <= seconds, $"It took {spent.TotalSeconds:0.0} s of processor time, not at most {seconds} s.");
    }
}
