using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Contracts.Nodes;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Nodes;

/// <summary>The list of nodes as a hash in the state store: the node's key to JSON.</summary>
internal sealed partial class RedisNodeStore(RedisStore store, ILogger<RedisNodeStore> logger) : INodeStore
{
    public async Task<NodeStatus[]> ReadAsync()
    {
        var nodes = new List<NodeStatus>();
        foreach (var entry in await store.Database.HashGetAllAsync(store.Keys.Nodes))
        {
            try
            {
                if (JsonSerializer.Deserialize((byte[])entry.Value!, NodeJson.Default.NodeStatus) is { Report: not null } status)
                {
                    nodes.Add(status);
                }
            }
            catch (JsonException failure)
            {
                Log.Unreadable(logger, failure.Message);
            }
        }

        return [.. nodes];
    }

    public async Task WriteAsync(KeyValuePair<string, NodeStatus>[] changed, string[] forgotten)
    {
        if (changed.Length > 0)
        {
            await store.Database.HashSetAsync(
                store.Keys.Nodes,
                [.. changed.Select(node => new HashEntry(node.Key, JsonSerializer.SerializeToUtf8Bytes(node.Value, NodeJson.Default.NodeStatus)))]);
        }

        if (forgotten.Length > 0)
        {
            await store.Database.HashDeleteAsync(store.Keys.Nodes, [.. forgotten.Select(key => (RedisValue)key)]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A stored node was left out: {Reason}")]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NodeStatus))]
internal sealed partial class NodeJson : JsonSerializerContext;
