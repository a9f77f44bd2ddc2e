using Gateway.PolicyCompiler.Programs;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Which parts use which program: equal expressions are one program, however many APIs have them.</summary>
internal sealed class ProgramUses
{
    private readonly Dictionary<PartKey, string> _byPart = [];
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);

    /// <summary>True when no part has expressions.</summary>
    public bool IsEmpty => _uses.Count == 0;

    /// <summary>The programs in use.</summary>
    public IEnumerable<ProgramSource> All => _uses.Values.Select(use => use.Source);

    /// <summary>True when some part uses the program.</summary>
    public bool Has(string key) => _uses.ContainsKey(key);

    /// <summary>Notes the program of a part, null for none; gives the key of a program that no part uses any more.</summary>
    public string? Set(PartKey part, ProgramSource? program)
    {
        string? freed = null;
        if (program is not null)
        {
            _uses.TryAdd(program.Key, new Use(program));
            _uses[program.Key].Parts.Add(part);
        }

        if (_byPart.Remove(part, out var before) && before != program?.Key)
        {
            _uses[before].Parts.Remove(part);
            if (_uses[before].Parts.Count == 0)
            {
                _uses.Remove(before);
                freed = before;
            }
        }

        if (program is not null)
        {
            _byPart[part] = program.Key;
        }

        return freed;
    }

    private sealed record Use(ProgramSource Source)
    {
        public HashSet<PartKey> Parts { get; } = [];
    }
}
