using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog;
using Gateway.Grains.Publications.Programs;
using Gateway.Grains.Publications.Projection;
using Gateway.Grains.Tests.Publications.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Grains.Tests.Publications.Projection;

/// <summary>One chunk of the publication that follows from all steps.</summary>
/// <param name="Part">What it holds.</param>
/// <param name="Name">The name of its content.</param>
/// <param name="Plain">The content when it was built in this step; null when it is as it was.</param>
internal sealed record ProjectedChunk(PartKey Part, string Name, byte[]? Plain);

/// <summary>A projector, and all that its steps gave so far.</summary>
internal sealed class ProjectionView(string gateway, IPolicyTrees trees, ChunkCodec codec, IProgramCompiler? compiler = null)
{
    private readonly Projector _projector = new(
        gateway, "gateway", trees,
        new ProgramTable(new ProgramImages(compiler ?? new FakeCompiler(), new MemoryProgramStore(), TimeProvider.System, NullLogger<ProgramImages>.Instance), NullLogger.Instance));

    private readonly Dictionary<PartKey, string> _names = [];

    public IReadOnlyList<int> Abis => _projector.Abis;

    public async Task<Result<IReadOnlyList<ProjectedChunk>>> StepAsync(IEnumerable<CatalogContent> changes, params int[] abis)
    {
        var step = await _projector.StepAsync(changes, abis.Length == 0 ? [1] : abis);
        if (!step.IsSuccess)
        {
            return step.Errors;
        }

        var built = step.Value.ToDictionary(part => part.Part, part => part.Plain);
        foreach (var (part, plain) in built)
        {
            _names.Remove(part);
            if (plain is not null)
            {
                _names[part] = codec.NameOf(plain);
            }
        }

        return _names.OrderBy(name => name.Key.Kind).ThenBy(name => name.Key.Id, StringComparer.Ordinal)
            .Select(name => new ProjectedChunk(name.Key, name.Value, built.GetValueOrDefault(name.Key))).ToArray();
    }
}
