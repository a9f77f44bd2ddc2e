using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Counts what comes back.</summary>
internal sealed class FakeGrant : LimitGrant
{
    public long Back { get; private set; }

    public override void GiveBack(long count = 1) => Back += count;
}

/// <summary>Keeps what a request says at its end.</summary>
internal sealed class FakeReservation : LimitReservation
{
    public List<long> Settled { get; } = [];

    public override void Settle(long used) => Settled.Add(used);

    public override void GiveBack(long count = 1) => Settle(0);
}
