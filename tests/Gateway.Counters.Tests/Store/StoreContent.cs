using Gateway.Counters.Tests.Mutations;
using StackExchange.Redis;

namespace Gateway.Counters.Tests.Store;

/// <summary>The keys of the store, and what the commands that counters use do to them. Times in milliseconds of the store's clock.</summary>
internal sealed class StoreContent(Mistake mistake)
{
    private readonly Dictionary<string, RedisValue> _strings = [];
    private readonly SortedDictionary<string, SortedDictionary<string, RedisValue>> _hashes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _expiries = [];
    private long _now;

    /// <summary>True: it says of no silo that it lives.</summary>
    public bool IsFenceless { get; set; }

    /// <summary>True: it does what it is told, whatever the conditions.</summary>
    public bool IsCareless { get; set; }

    /// <summary>Its time of day, in milliseconds.</summary>
    public long UnixTime { get; private set; }

    public void Clear()
    {
        _strings.Clear();
        _hashes.Clear();
        _expiries.Clear();
    }

    /// <summary>Time has come so far.</summary>
    public void Expire(long now, long unixTime)
    {
        (_now, UnixTime) = (now, unixTime);
        foreach (var (key, at) in _expiries)
        {
            if (at <= now)
            {
                Delete(key);
            }
        }
    }

    public bool Exists(string key) => _strings.ContainsKey(key) || _hashes.ContainsKey(key);

    public RedisValue Get(string key) => _strings.GetValueOrDefault(key, RedisValue.Null);

    public bool Set(string key, RedisValue value, TimeSpan? life, When when)
    {
        if ((when == When.Exists && !Exists(key)) || (when == When.NotExists && Exists(key)))
        {
            return false;
        }

        _strings[key] = mistake.Written(key, value);
        _expiries.Remove(key);
        Live(key, life);
        return true;
    }

    public bool Live(string key, TimeSpan? life, ExpireWhen when = ExpireWhen.Always)
    {
        var isWanted = when switch
        {
            ExpireWhen.HasNoExpiry => !_expiries.ContainsKey(key),
            ExpireWhen.GreaterThanCurrentExpiry => life is { } longer && _expiries.TryGetValue(key, out var at) && at < _now + (long)longer.TotalMilliseconds,
            _ => true,
        };
        if (isWanted && life is { } span)
        {
            _expiries[key] = _now + (long)span.TotalMilliseconds;
        }

        return Exists(key);
    }

    public bool Delete(string key)
    {
        _expiries.Remove(key);
        return _strings.Remove(key) | _hashes.Remove(key);
    }

    public HashEntry[] Hash(string key) => _hashes.TryGetValue(key, out var hash) ? [.. hash.Select(field => new HashEntry(field.Key, field.Value))] : [];

    public RedisValue Field(string key, string field) =>
        _hashes.TryGetValue(key, out var hash) && hash.TryGetValue(field, out var value) ? value : RedisValue.Null;

    public bool SetField(string key, string field, RedisValue value)
    {
        if (!_hashes.TryGetValue(key, out var hash))
        {
            _hashes[key] = hash = new(StringComparer.Ordinal);
        }

        var isNew = !hash.ContainsKey(field);
        hash[field] = value;
        return isNew;
    }

    public bool DeleteField(string key, string field) => _hashes.TryGetValue(key, out var hash) && hash.Remove(field);
}
