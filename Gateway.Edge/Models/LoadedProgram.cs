using Gateway.Contracts.Publications;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Programs;

namespace Gateway.Edge.Models;

/// <summary>
/// The expressions of one program, loaded once for all APIs that have it. Models hold it, and requests hold their model; when none does
/// any more, the collector finds out and the program's memory comes back.
/// </summary>
internal sealed class LoadedProgram : IExpressionSlots
{
    private readonly ExpressionProgram _program;

    /// <summary>Checks and loads it.</summary>
    /// <exception cref="FormatException">It is no program, or uses what expressions may not.</exception>
    public LoadedProgram(string chunkName, ProgramChunk chunk)
    {
        ChunkName = chunkName;
        _program = ExpressionProgram.Load(chunk.Key, chunk.Image);
    }

    /// <summary>Nobody holds it, so nothing of it runs.</summary>
    ~LoadedProgram() => _program?.Unload();

    /// <summary>The name of the chunk it was loaded from.</summary>
    public string ChunkName { get; }

    /// <inheritdoc />
    public Type? ResultOf(int slot) => _program.ResultOf(slot);

    /// <inheritdoc />
    public Func<IExpressionContext, T> Bind<T>(int slot) => _program.Bind<T>(slot);
}
