using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>
/// What one edge may let pass of one counter without silos, as far as it can have been told; others are left without it while the edge is missed. Whether it
/// is, is judged from the last call of which the edge has said that it was answered: an edge that is heard and hears nothing is missed as well.
/// </summary>
internal sealed class EdgeEscrow
{
    private long _heardAt = long.MinValue / 2;
    private long _calledAt = long.MinValue / 2;
    private long _answeredAt = long.MinValue / 2;
    private bool _isUsed;

    private EdgeEscrow()
    {
    }

    /// <summary>Tokens in any window.</summary>
    public long Promised { get; private set; }

    /// <summary>Of an edge that has no share yet.</summary>
    public static EdgeEscrow None() => new();

    /// <summary>Of an edge that says what its share is. It is missed until two of its calls were heard.</summary>
    public static EdgeEscrow Of(long promised, long now) => new() { Promised = promised, _heardAt = now };

    /// <summary>Goes on from what another holder had written down so long ago: an edge that nobody could answer meanwhile is missed as soon, and keeps its share as long.</summary>
    public static EdgeEscrow Read(long[] memory, long now, long away) => new()
    {
        Promised = memory[0],
        _heardAt = now + memory[1],
        _calledAt = now + memory[2] - away,
        _answeredAt = now + memory[3] - away,
        _isUsed = memory[4] != 0,
    };

    /// <summary>What another holder needs to go on: the share, when the edge was heard, called and was answered, whether it used the share.</summary>
    public long[] Write(long now) => [Promised, Age(_heardAt, now), Age(_calledAt, now), Age(_answeredAt, now), _isUsed ? 1 : 0];

    /// <summary>What is kept from the others now.</summary>
    public long KeptAt(long now) => _isUsed || now - _answeredAt >= LeaseTerms.MissedAfter ? Promised : 0;

    /// <summary>The edge calls.</summary>
    public void Hear(long now, LeaseRequest request, long limit)
    {
        var claimed = Math.Clamp(request.Escrow?.Tokens ?? 0, 0, limit);
        if (claimed == 0)
        {
            // What it was told before has not come to it or was given up, and what it is told now comes later.
            _answeredAt = now;
        }
        else if (request.LostSince == 0)
        {
            _answeredAt = _calledAt;
        }

        (Promised, _heardAt, _calledAt, _isUsed) = (claimed, now, now, request.Escrow?.IsUsed == true);
    }

    /// <summary>It is told a share, and may hear of it or not.</summary>
    public void Promise(long tokens) => Promised = Math.Max(Promised, tokens);

    /// <summary>True when nobody can use it any more.</summary>
    public bool IsOver(long now) => Promised == 0 || now - _heardAt >= LeaseTerms.EscrowLasts;

    private static long Age(long at, long now) => Math.Max(at - now, -LeaseTerms.EscrowLasts);
}
