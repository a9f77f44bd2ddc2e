using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Counts what comes back.</summary>
internal sealed class FakeGrant : LimitGrant
{
    public int Back { get; private set; }

    public override void GiveBack() => Back++;
}
