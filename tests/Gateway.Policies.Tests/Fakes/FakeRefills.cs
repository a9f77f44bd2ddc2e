using Gateway.Policies.Caching;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>Gives every request its turn at once, and counts the turns that are not ended.</summary>
internal sealed class FakeRefills : IRefills
{
    public int Open { get; private set; }

    public TimeSpan Wait => TimeSpan.FromSeconds(5);

    public IRefill? Begin(CachingType type, ResponseKey key, out bool isMine)
    {
        Open++;
        isMine = true;
        return new Turn(this);
    }

    public void NoteWait()
    {
    }

    private sealed class Turn(FakeRefills refills) : IRefill
    {
        public Task Finished => Task.CompletedTask;

        public ValueTask<Task?> ElectAsync() => default;

        public void End(RefillOutcome outcome, Task<bool> stored) => refills.Open--;

        public void LeaveTo(Task elsewhere) => refills.Open--;
    }
}
