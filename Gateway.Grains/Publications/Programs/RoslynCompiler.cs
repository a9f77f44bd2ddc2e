using Gateway.Policies.Expressions;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Grains.Publications.Programs;

/// <summary>Compiles for the expression ABI of this version.</summary>
internal sealed class RoslynCompiler : IProgramCompiler
{
    /// <inheritdoc />
    public IReadOnlyList<int> Abis { get; } = [ExpressionAbi.Current];

    /// <inheritdoc />
    public ProgramCompilation Compile(ProgramSource source, int abi) => abi == ExpressionAbi.Current
        ? ProgramCompiler.Compile(source, ExpressionApi.Current, CancellationToken.None)
        : throw new ArgumentOutOfRangeException(nameof(abi), abi, "Nothing is compiled for this expression ABI.");
}
