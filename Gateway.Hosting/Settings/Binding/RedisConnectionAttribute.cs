using StackExchange.Redis;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>A StackExchange.Redis connection string.</summary>
public sealed class RedisConnectionAttribute : SettingRuleAttribute
{
    /// <inheritdoc />
    public override string Description => "a connection string such as redis-1:6379,password=…,ssl=true";

    /// <inheritdoc />
    public override bool Accepts(object value)
    {
        try
        {
            return value is string text && ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception refused) when (refused is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
