namespace Gateway.Counters.Tests.Engine;

/// <summary>What the network does to messages.</summary>
/// <param name="Loss">Chance that a message is lost.</param>
/// <param name="Repeats">Chance that it comes twice.</param>
/// <param name="Stragglers">Chance that it is late by up to <paramref name="Late"/>, so that others overtake it.</param>
/// <param name="Late">The most that a straggler is late, in microseconds.</param>
internal sealed record Weather(double Loss, double Repeats, double Stragglers, long Late)
{
    public static Weather Calm { get; } = new(0, 0, 0, 0);
}

/// <summary>Brings messages from one process to another, or does not.</summary>
internal sealed class Network(Timeline timeline, Random random)
{
    private readonly HashSet<(Node From, Node To)> _cuts = [];

    public Weather Weather { get; set; } = Weather.Calm;

    /// <summary>Messages that were sent, those that are repeated once.</summary>
    public long Sent { get; private set; }

    /// <summary>Nothing comes through in this direction any more.</summary>
    public void Cut(Node from, Node to) => _cuts.Add((from, to));

    public void Heal() => _cuts.Clear();

    public void Heal(Node from, Node to) => _cuts.Remove((from, to));

    public bool IsCut(Node from, Node to) => _cuts.Contains((from, to));

    /// <summary>The time that one message takes when nothing is wrong.</summary>
    public long Delay() => 300 + random.NextInt64(800);

    /// <summary>Sends a message; what arrives happens on its receiver.</summary>
    public void Send(Node from, Node to, Action arrive)
    {
        Sent++;
        if (from.IsDead)
        {
            return;
        }

        if (Weather.Loss > 0 && random.NextDouble() < Weather.Loss)
        {
            return;
        }

        Deliver(from, to, arrive);
        if (Weather.Repeats > 0 && random.NextDouble() < Weather.Repeats)
        {
            Deliver(from, to, arrive);
        }
    }

    private void Deliver(Node from, Node to, Action arrive)
    {
        var delay = Delay();
        if (Weather.Stragglers > 0 && random.NextDouble() < Weather.Stragglers)
        {
            delay += random.NextInt64(Weather.Late);
        }

        timeline.After(delay, () =>
        {
            if (!IsCut(from, to))
            {
                to.Run(arrive);
            }
        });
    }
}
