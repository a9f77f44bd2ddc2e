using Orleans.Concurrency;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <inheritdoc cref="IPolicyCheckGrain" />
[StatelessWorker]
internal sealed class PolicyCheckGrain : Grain, IPolicyCheckGrain
{
    // Shorter than callers wait. A batch takes seconds at most, on a busy machine some tens.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <inheritdoc />
    public async Task<PolicyVerdict[]> Check(PolicyToCheck[] policies)
    {
        using var limit = new CancellationTokenSource(s_limit);

        // The first compilation of a process takes seconds, which is too long for a turn of the scheduler.
        return await Task.Run(() => PolicyChecks.Run(policies, limit.Token));
    }
}
