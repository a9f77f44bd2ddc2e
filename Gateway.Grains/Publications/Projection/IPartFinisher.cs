using Gateway.Contracts.Results;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Makes of the parts that were built what is published. Used by one step at a time.</summary>
internal interface IPartFinisher
{
    /// <summary>The expression ABIs that programs are there for, newest first; empty without programs.</summary>
    IReadOnlyList<int> Abis { get; }

    /// <summary>The parts to publish for parts that were built; on errors nothing was taken in.</summary>
    /// <param name="built">The parts.</param>
    /// <param name="wanted">The expression ABIs to have programs for, newest first.</param>
    Task<Result<IReadOnlyList<ProjectedPart>>> FinishAsync(IReadOnlyDictionary<PartKey, BuiltPart> built, IReadOnlyList<int> wanted);
}
