using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>
/// Tokens set aside for a request whose cost is known at its end. Until then, and while their lease lasts, partitions are told that they are held:
/// what the request did not use is free again.
/// </summary>
internal sealed class Reservation(LeasedCounter counter, EdgeGrant grant, long count) : LimitReservation
{
    /// <summary>The counter.</summary>
    public LeasedCounter Counter { get; } = counter;

    /// <summary>What the tokens were taken from.</summary>
    public EdgeGrant Grant { get; } = grant;

    /// <summary>How many were set aside.</summary>
    public long Count { get; } = count;

    /// <summary>Set once the request has said what it used. Under the lock of the partition.</summary>
    public bool IsSettled { get; set; }

    /// <inheritdoc />
    public override void Settle(long used) => Counter.Partition.Settle(this, used);

    /// <inheritdoc />
    public override void GiveBack(long count = 1) => Settle(0);
}
