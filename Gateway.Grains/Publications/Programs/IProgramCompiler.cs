using Gateway.PolicyCompiler.Programs;

namespace Gateway.Grains.Publications.Programs;

/// <summary>From slot texts to a program's image.</summary>
internal interface IProgramCompiler
{
    /// <summary>The expression ABIs that it compiles for, newest first; at most two.</summary>
    IReadOnlyList<int> Abis { get; }

    /// <summary>Compiles; work for a thread of its own.</summary>
    /// <param name="source">The expressions.</param>
    /// <param name="abi">One of <see cref="Abis"/>.</param>
    ProgramCompilation Compile(ProgramSource source, int abi);
}
