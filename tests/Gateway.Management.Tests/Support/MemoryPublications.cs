using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Contracts.Rollouts;

namespace Gateway.Management.Tests.Support;

/// <summary>The publications of one gateway in memory; has the methods of their grain.</summary>
public sealed class MemoryPublications
{
    public PublicationStanding Answer { get; set; } = new(null, null, long.MaxValue, []);

    public List<PublicationSummary> Kept { get; } = [];

    public Dictionary<long, PublicationPart[]> Contents { get; } = [];

    public int Asked { get; private set; }

    /// <summary>Runs before each answer to how far they are.</summary>
    public Action<int>? BeforeStanding { get; set; }

    public Task<PublicationStanding> Standing(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BeforeStanding?.Invoke(++Asked);
        return Task.FromResult(Answer);
    }

    public Task<PublicationSummary[]> History(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Kept.ToArray());
    }

    public Task<PublicationPart[]?> Parts(long number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Contents.GetValueOrDefault(number));
    }

    public RolloutStanding Rolling { get; set; } = new();

    public Task<RolloutStanding> Rollout(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(Rolling);
    }

    public Task<Result<RolloutStanding>> SetRollout(RolloutRule? rule, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Rolling = Rolling with { Rule = rule };
        return Task.FromResult<Result<RolloutStanding>>(Rolling);
    }

    public Task<Result<RolloutStanding>> Promote(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Rolling = Rolling with { Promoted = Rolling.Staged, Staged = null };
        return Task.FromResult<Result<RolloutStanding>>(Rolling);
    }

    public Task<Result<PublicationId>> Rollback(long number, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Result<PublicationId>>(Contents.ContainsKey(number)
            ? new PublicationId("L", 9)
            : new GatewayError(ErrorKind.ResourceNotFound, $"Publication {number} is not kept."));
    }
}
