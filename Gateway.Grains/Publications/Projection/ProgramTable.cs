using System.Text.Json;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Grains.Publications.Programs;
using Gateway.PolicyCompiler.Programs;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications.Projection;

/// <summary>The programs of a gateway's publications, and for which expression ABIs they are there.</summary>
internal sealed partial class ProgramTable(ProgramImages images, ILogger logger) : IPartFinisher
{
    private readonly ProgramUses _uses = new();
    private readonly Dictionary<int, string[]> _failing = [];
    private IReadOnlyList<int> _abis = [];

    /// <inheritdoc />
    public IReadOnlyList<int> Abis => _uses.IsEmpty ? [] : _abis;

    /// <summary>
    /// Compiles what is new, and adds the program parts that come and go. An older ABI for which something does not compile is left out:
    /// its edges say that they miss it.
    /// </summary>
    /// <param name="built">The parts that were built.</param>
    /// <param name="wanted">The ABIs to have programs for, newest first.</param>
    public async Task<Result<IReadOnlyList<ProjectedPart>>> FinishAsync(IReadOnlyDictionary<PartKey, BuiltPart> built, IReadOnlyList<int> wanted)
    {
        var programs = await TakeAsync(built.ToDictionary(part => part.Key, part => part.Value.Program), wanted);
        return programs.IsSuccess
            ? new Result<IReadOnlyList<ProjectedPart>> { Value = [.. built.Select(part => new ProjectedPart(part.Key, part.Value.Plain)), .. programs.Value] }
            : programs;
    }

    private async Task<Result<IReadOnlyList<ProjectedPart>>> TakeAsync(IReadOnlyDictionary<PartKey, ProgramSource?> built, IReadOnlyList<int> wanted)
    {
        ProgramSource[] come = [.. built.Values.OfType<ProgramSource>().Where(source => !_uses.Has(source.Key)).DistinctBy(source => source.Key)];
        var parts = new List<ProjectedPart>();
        var abis = new List<int>();
        foreach (var abi in wanted.Where(abi => abi == wanted[0] || !IsFailing(abi)))
        {
            // An ABI that is new needs the programs that are there already, too.
            var made = await CompileAsync(_abis.Contains(abi) ? come : [.. come, .. _uses.All], abi);
            var failed = made.Where(program => !program.Image.IsSuccess).ToArray();
            if (failed.Length == 0)
            {
                abis.Add(abi);
                parts.AddRange(made.Select(program => Part(program.Key, abi, program.Image.Value!)));
            }
            else if (abi == wanted[0])
            {
                return failed.SelectMany(program => program.Image.Errors.Select(error => error with { Target = PlaceOf(program.Key, built) })).ToArray();
            }
            else
            {
                _failing[abi] = Array.ConvertAll(failed, program => program.Key);
                Log.LeftOut(logger, abi, failed[0].Image.Errors[0].Message);
            }
        }

        return new Result<IReadOnlyList<ProjectedPart>> { Value = [.. parts, .. Replace(built, abis)] };
    }

    private static string? PlaceOf(string key, IReadOnlyDictionary<PartKey, ProgramSource?> built) =>
        built.Where(part => part.Value?.Key == key).Select(part => part.Key.Kind == ChunkKind.Api ? $"/apis/{part.Key.Id}" : "/policies or /products").Order(StringComparer.Ordinal).FirstOrDefault();

    // While a program that did not compile for an older ABI is there, that ABI is not tried with each change.
    private bool IsFailing(int abi) => _failing.TryGetValue(abi, out var keys) && keys.Any(_uses.Has);

    private IEnumerable<ProjectedPart> Replace(IReadOnlyDictionary<PartKey, ProgramSource?> built, IReadOnlyList<int> abis)
    {
        var freed = built.Select(part => _uses.Set(part.Key, part.Value)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        freed.RemoveWhere(_uses.Has);
        var gone = freed.SelectMany(_ => _abis, PartKey.Program);
        var dropped = _abis.Except(abis).ToArray();
        if (dropped.Length > 0)
        {
            gone = gone.Concat(_uses.All.SelectMany(_ => dropped, (source, abi) => PartKey.Program(source.Key, abi)));
        }

        ProjectedPart[] parts = [.. gone.Select(part => new ProjectedPart(part, null))];
        _abis = abis;
        return parts;
    }

    private async Task<(string Key, Result<byte[]> Image)[]> CompileAsync(IEnumerable<ProgramSource> sources, int abi) =>
        await Task.WhenAll(sources.Select(async source => (source.Key, await images.GetAsync(source, abi))));

    private static ProjectedPart Part(string key, int abi, byte[] image) => new(
        PartKey.Program(key, abi),
        JsonSerializer.SerializeToUtf8Bytes(new ProgramChunk { Key = key, Abi = abi, Image = image }, PublicationJson.Default.ProgramChunk));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The publication has no programs for edges of expression ABI {Abi}: {Reason}")]
        public static partial void LeftOut(ILogger logger, int abi, string reason);
    }
}
