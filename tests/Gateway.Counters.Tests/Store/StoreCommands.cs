using System.Reflection;
using StackExchange.Redis;

namespace Gateway.Counters.Tests.Store;

/// <summary>Reads a call of the client library as a command of the model's store.</summary>
internal static class StoreCommands
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic;

    public static Func<StoreContent, object?> Read(MethodInfo method, object?[] args)
    {
        var key = args[0] is RedisKey first ? first.ToString() : "";
        return method.Name switch
        {
            "StringGetAsync" when args[0] is RedisKey[] keys => content => keys.Select(one => content.Get(one.ToString())).ToArray(),
            "StringGetAsync" => content => content.Get(key),
            "ExecuteAsync" when args[0] is "TIME" => content => Time(content),
            "StringSetAsync" when args[0] is RedisKey => Set(key, (RedisValue)args[1]!, Life(args), args.OfType<When>().FirstOrDefault()),
            "KeyExistsAsync" => content => !(content.IsFenceless && key.Contains(":silo:", StringComparison.Ordinal)) && content.Exists(key),
            "KeyExpireAsync" => Expire(key, Life(args), args.OfType<ExpireWhen>().FirstOrDefault()),
            "KeyDeleteAsync" => content => content.Delete(key),
            "HashGetAllAsync" => content => content.Hash(key),
            "HashGetAsync" => content => content.Field(key, args[1]!.ToString()!),
            "HashSetAsync" when args[1] is RedisValue field => content => content.SetField(key, field.ToString(), (RedisValue)args[2]!),
            "HashSetAsync" => content => SetAll(content, key, (HashEntry[])args[1]!),
            "HashDeleteAsync" => content => (long)((RedisValue[])args[1]!).Count(field => content.DeleteField(key, field.ToString())),
            _ => throw new NotSupportedException($"The model's store does not know {method}."),
        };
    }

    /// <summary>Whether a transaction may go on.</summary>
    public static Func<StoreContent, bool> Read(Condition condition)
    {
        var key = Field<RedisKey>(condition, "key").ToString();
        return condition.GetType().Name switch
        {
            "EqualsCondition" when Member(condition) is { } field =>
                content => content.Field(key, field) == Field<RedisValue>(condition, "expectedValue") == Field<bool>(condition, "expectedEqual"),
            "EqualsCondition" => content => content.Get(key) == Field<RedisValue>(condition, "expectedValue") == Field<bool>(condition, "expectedEqual"),
            "ExistsCondition" when Field<RedisValue>(condition, "expectedValue") is { IsNull: false } field =>
                content => content.Field(key, field.ToString()).HasValue == Field<bool>(condition, "expectedResult"),
            "ExistsCondition" => content => content.Exists(key) == Field<bool>(condition, "expectedResult"),
            _ => throw new NotSupportedException($"The model's store does not know the condition {condition}."),
        };
    }

    private static Func<StoreContent, object?> Set(string key, RedisValue value, TimeSpan? life, When when) => content => content.Set(key, value, life, when);

    private static Func<StoreContent, object?> Expire(string key, TimeSpan? life, ExpireWhen when) => content => content.Live(key, life, when);

    private static RedisResult Time(StoreContent content) => RedisResult.Create(
        [RedisResult.Create(content.UnixTime / 1000), RedisResult.Create(content.UnixTime % 1000 * 1000)]);

    private static object? SetAll(StoreContent content, string key, HashEntry[] entries)
    {
        foreach (var entry in entries)
        {
            content.SetField(key, entry.Name.ToString(), entry.Value);
        }

        return null;
    }

    private static TimeSpan? Life(object?[] args) => args.FirstOrDefault(arg => arg is TimeSpan or Expiration) switch
    {
        TimeSpan span => span,
        Expiration expiration when expiration.ToString() is { Length: > 0 } text && text.Split(' ') is [var unit, var number] =>
            unit == "PX" ? TimeSpan.FromMilliseconds(long.Parse(number)) : TimeSpan.FromSeconds(long.Parse(number)),
        _ => null,
    };

    private static string? Member(Condition condition) => Field<RedisValue>(condition, "memberName") is { IsNull: false } name ? name.ToString() : null;

    private static T Field<T>(Condition condition, string name) =>
        (T)(condition.GetType().GetField(name, Hidden) ?? throw new NotSupportedException($"The client library's {condition.GetType()} has no {name} any more.")).GetValue(condition)!;
}
