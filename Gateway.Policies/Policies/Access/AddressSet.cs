namespace Gateway.Policies.Policies.Access;

/// <summary>Ranges of addresses, found in the logarithm of their number. Immutable.</summary>
internal sealed class AddressSet
{
    private readonly UInt128[] _first;
    private readonly UInt128[] _last;

    /// <summary>Sorts the ranges and joins those that touch.</summary>
    public AddressSet(IEnumerable<AddressRange> ranges)
    {
        var joined = new List<AddressRange>();
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (joined.Count > 0 && range.First <= joined[^1].Last)
            {
                joined[^1] = joined[^1] with { Last = UInt128.Max(joined[^1].Last, range.Last) };
            }
            else
            {
                joined.Add(range);
            }
        }

        _first = [.. joined.Select(range => range.First)];
        _last = [.. joined.Select(range => range.Last)];
    }

    /// <summary>True when the address is in one of the ranges.</summary>
    public bool Contains(UInt128 address)
    {
        var at = Array.BinarySearch(_first, address);
        var before = at >= 0 ? at : ~at - 1;
        return before >= 0 && address <= _last[before];
    }
}
