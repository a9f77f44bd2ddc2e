using System.Text.Json;
using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;
using StackExchange.Redis;

namespace Gateway.Counters.Tests.Mutations;

/// <summary>
/// What a wrong implementation would say: messages, and what is written to the store, are changed on the way, so that the code under test needs no switches for it.
/// Without changes it is the right one. Each run has one of its own.
/// </summary>
internal sealed class Mistake
{
    /// <summary>What a partition hears of a call.</summary>
    public Func<LeaseCall, LeaseCall> Call { get; init; } = call => call;

    /// <summary>What an edge hears of an answer.</summary>
    public Func<LeaseAnswer, LeaseAnswer> Answer { get; init; } = answer => answer;

    /// <summary>What a new holder hears of an edge.</summary>
    public Func<CounterEcho, CounterEcho> Echo { get; init; } = echo => echo;

    /// <summary>What the store keeps of a value under a key.</summary>
    public Func<string, RedisValue, RedisValue> Written { get; init; } = (_, value) => value;

    /// <summary>Of what an edge says of a counter.</summary>
    public static Mistake Asked(Func<LeaseRequest, LeaseRequest> change) => new() { Call = call => call with { Requests = [.. call.Requests.Select(change)] } };

    /// <summary>Of what an edge is told of a counter.</summary>
    public static Mistake Told(Func<LeaseReply, LeaseReply> change) => new() { Answer = answer => answer with { Replies = [.. answer.Replies.Select(change)] } };

    /// <summary>Of what a new holder is told of a counter.</summary>
    public static Mistake Echoed(Func<CounterMemory, CounterMemory> change) => new() { Echo = echo => echo with { Counters = [.. echo.Counters.Select(change)] } };

    /// <summary>Of what a holder hands over.</summary>
    public static Mistake HandedOver(Func<PartitionMemory, PartitionMemory> change) => new()
    {
        Written = (key, value) => key.EndsWith(":memory", StringComparison.Ordinal)
            ? JsonSerializer.SerializeToUtf8Bytes(
                change(JsonSerializer.Deserialize((byte[])value!, PartitionMemoryJson.Default.PartitionMemory)!), PartitionMemoryJson.Default.PartitionMemory)
            : value,
    };

    /// <summary>Of what is reserved of a quota.</summary>
    public static Mistake Reserved(Func<QuotaRecord, QuotaRecord> change) => new()
    {
        Written = (key, value) => key.Contains(":quota:", StringComparison.Ordinal) && QuotaRecord.Parse(value) is { } record ? change(record).ToString() : value,
    };
}
