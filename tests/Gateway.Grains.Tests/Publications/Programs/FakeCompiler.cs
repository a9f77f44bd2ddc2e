using System.Collections.Concurrent;
using System.Text;
using Gateway.Grains.Publications.Programs;
using Gateway.PolicyCompiler.Programs;

namespace Gateway.Grains.Tests.Publications.Programs;

/// <summary>A compiler whose images are the texts themselves. A text with <c>wrong</c> does not compile, one with <c>since-2</c> only from ABI 2 on.</summary>
internal sealed class FakeCompiler(params int[] abis) : IProgramCompiler
{
    public IReadOnlyList<int> Abis { get; } = abis.Length == 0 ? [1] : abis;

    /// <summary>What was compiled: the key and the ABI.</summary>
    public ConcurrentQueue<(string Key, int Abi)> Compiled { get; } = new();

    /// <summary>Runs in each compilation.</summary>
    public Action? Meanwhile { get; set; }

    public ProgramCompilation Compile(ProgramSource source, int abi)
    {
        Meanwhile?.Invoke();
        Compiled.Enqueue((source.Key, abi));
        SlotDiagnostic[] diagnostics =
        [
            .. source.Slots.Index().Where(slot => slot.Item.Contains("wrong", StringComparison.Ordinal) || (abi < 2 && slot.Item.Contains("since-2", StringComparison.Ordinal)))
                .Select(slot => new SlotDiagnostic(slot.Index, 0, $"it is not known to ABI {abi}")),
        ];
        return new ProgramCompilation
        {
            Image = diagnostics.Length > 0 ? null : Encoding.UTF8.GetBytes($"{abi}: {string.Join(' ', source.Slots)}"),
            Results = [],
            Diagnostics = diagnostics,
        };
    }
}
