using System.Collections.Concurrent;
using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.PolicyCompiler.Programs;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Publications.Programs;

/// <summary>
/// The images of programs, each compiled once for all gateways and silos of the service, and not again after a restart. Compiling runs
/// on the thread pool, on at most half of the cores, so that polls and commits go on.
/// </summary>
internal sealed partial class ProgramImages(IProgramCompiler compiler, IProgramStore store, TimeProvider time, ILogger<ProgramImages> logger) : IDisposable
{
    // How long another silo may take to compile before this one does it, too.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(15);

    // How long the claim of a silo that died holds up the others.
    private static readonly TimeSpan _claim = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _renewal = TimeSpan.FromMilliseconds(750);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Lazy<Task<Result<byte[]>>>> _underWay = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _cores = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly string _name = Guid.NewGuid().ToString("N");
    private long _compilations;

    /// <summary>The expression ABIs that images can be made for, newest first.</summary>
    public IReadOnlyList<int> Abis => compiler.Abis;

    /// <summary>How many programs this silo compiled.</summary>
    public long Compilations => Interlocked.Read(ref _compilations);

    /// <summary>The image of a program; errors when its expressions do not compile.</summary>
    public async Task<Result<byte[]>> GetAsync(ProgramSource source, int abi)
    {
        var id = ProgramChunk.Id(source.Key, abi);
        var work = _underWay.GetOrAdd(id, _ => new Lazy<Task<Result<byte[]>>>(() => Task.Run(() => FindOrCompileAsync(id, source, abi))));
        try
        {
            return await work.Value;
        }
        finally
        {
            _underWay.TryRemove(new(id, work));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _cores.Dispose();

    private async Task<Result<byte[]>> FindOrCompileAsync(string id, ProgramSource source, int abi)
    {
        var asked = time.GetTimestamp();
        while (true)
        {
            if (await store.FindAsync(id) is { } kept)
            {
                return kept;
            }

            if (await TryCompileAsync(id, source, abi, isClaimIgnored: time.GetElapsedTime(asked) > _patience) is { } compiled)
            {
                return compiled;
            }

            await Task.Delay(_look, time);
        }
    }

    // Claimed only when it can begin, so that a claim lasts no longer than one compilation.
    private async Task<Result<byte[]>?> TryCompileAsync(string id, ProgramSource source, int abi, bool isClaimIgnored)
    {
        await _cores.WaitAsync();
        try
        {
            if (!await store.ClaimAsync(id, _name, _claim) && !isClaimIgnored)
            {
                return null;
            }

            using var ended = new CancellationTokenSource();
            var renewing = RenewAsync(id, ended.Token);
            try
            {
                // Another silo may have ended between the look and the claim.
                return await store.FindAsync(id) is { } kept ? kept : await CompileAsync(id, source, abi);
            }
            finally
            {
                // A claim that could not be renewed only lets another silo compile, too.
                await ended.CancelAsync();
                await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await store.ReleaseAsync(id, _name);
            }
        }
        finally
        {
            _cores.Release();
        }
    }

    private async Task RenewAsync(string id, CancellationToken ended)
    {
        using var timer = new PeriodicTimer(_renewal, time);
        while (await timer.WaitForNextTickAsync(ended))
        {
            await store.RenewAsync(id, _name, _claim);
        }
    }

    private async Task<Result<byte[]>> CompileAsync(string id, ProgramSource source, int abi)
    {
        var compilation = compiler.Compile(source, abi);
        Interlocked.Increment(ref _compilations);
        if (compilation.Image is not { } image)
        {
            return compilation.Diagnostics.Select(found => new GatewayError(ErrorKind.ValidationError, $"expression {found.Slot} of program {id} does not compile, at its character {found.Offset + 1}"))
                .DefaultIfEmpty(new GatewayError(ErrorKind.ValidationError, $"program {id} does not compile")).ToArray();
        }

        await store.KeepAsync(id, image);
        Log.Compiled(logger, id, source.Slots.Count, image.Length);
        return image;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Program {Program} is compiled: {Expressions} expressions, {Length} bytes.")]
        public static partial void Compiled(ILogger logger, string program, int expressions, int length);
    }
}
