namespace Gateway.Grains.Publications.Programs;

/// <summary>
/// Which expression ABIs a gateway's programs are made for: the newest that silos compile for, and an older one as long as an edge
/// lately asked for it that does not speak the newest.
/// </summary>
/// <param name="compiled">What silos compile for, newest first.</param>
/// <param name="time">The clock.</param>
internal sealed class AbiDemand(IReadOnlyList<int> compiled, TimeProvider time)
{
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(10);

    private readonly Dictionary<int, DateTimeOffset> _asked = [];

    /// <summary>The ABIs to make programs for, newest first.</summary>
    public IReadOnlyList<int> Wanted => [compiled[0], .. compiled.Skip(1).Where(abi => _asked.TryGetValue(abi, out var last) && time.GetUtcNow() - last < _memory)];

    /// <summary>Takes on what the stored publication has: its edges will ask again.</summary>
    public void Remember(IEnumerable<int> stored)
    {
        foreach (var abi in stored)
        {
            _asked[abi] = time.GetUtcNow();
        }
    }

    /// <summary>Notes what an edge speaks; gives the ABI that it is to get, null when silos compile for none of its.</summary>
    public int? Note(IReadOnlyCollection<int> spoken)
    {
        foreach (var abi in compiled)
        {
            if (spoken.Contains(abi))
            {
                _asked[abi] = time.GetUtcNow();
                return abi;
            }
        }

        return null;
    }
}
