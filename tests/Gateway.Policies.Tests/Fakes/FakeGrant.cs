using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Counts what comes back.</summary>
internal sealed class FakeGrant : LimitGrant
{
    public long Back { get; private set; }

    public override void GiveBack(long count = 1) => Back += count;
}
