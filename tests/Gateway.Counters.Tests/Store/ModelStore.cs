using Gateway.Counters.Tests.Engine;
using Gateway.Counters.Tests.Mutations;
using StackExchange.Redis;

namespace Gateway.Counters.Tests.Store;

/// <summary>The state store as silos see it: commands in the order in which one silo sends them, and every way in which they do not come back.</summary>
internal sealed class ModelStore(Timeline timeline, Network network, Mistake mistake, double pace) : Node(timeline, "store", pace, 0)
{
    private const long CommandTimeout = 5 * Timeline.Second;

    private readonly Dictionary<Node, long> _lastAt = [];

    public StoreContent Content { get; } = new(mistake);

    /// <summary>True: connections are refused.</summary>
    public bool IsStopped { get; set; }

    /// <summary>It forgets everything.</summary>
    public void Flush() => Content.Clear();

    /// <summary>One command, or one transaction.</summary>
    public Task<T> AskAsync<T>(Node silo, Func<StoreContent, T> command)
    {
        var reply = new TaskCompletionSource<T>();
        if (IsStopped)
        {
            Timeline.After(network.Delay(), () => silo.Run(() => reply.TrySetException(
                new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "The store is stopped.", null, CommandStatus.Unknown))));
            return reply.Task;
        }

        var at = Math.Max(Timeline.Now + network.Delay(), _lastAt.GetValueOrDefault(silo));
        _lastAt[silo] = at;
        Timeline.At(at, () =>
        {
            if (!silo.IsDead && !network.IsCut(silo, this))
            {
                Run(() => Answer(silo, command, reply));
            }
        });
        Timeline.After(CommandTimeout, () => silo.Run(() => reply.TrySetException(new RedisTimeoutException(CommandFlags.None, "No answer.", CommandStatus.Sent))));
        return reply.Task;
    }

    private void Answer<T>(Node silo, Func<StoreContent, T> command, TaskCompletionSource<T> reply)
    {
        if (IsStopped)
        {
            return;
        }

        Content.Expire(Clock.GetTimestamp() / TimeSpan.TicksPerMillisecond, Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var result = command(Content);
        Timeline.After(network.Delay(), () =>
        {
            if (!network.IsCut(this, silo))
            {
                silo.Run(() => reply.TrySetResult(result));
            }
        });
    }
}
