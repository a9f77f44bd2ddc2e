using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Looks up a value that <c>cache-store-value</c> has kept and sets a variable to it, with its type. Without one the variable is set to the default, or not
/// set when there is no default. JSON and XML are copies of the request's own.
/// </summary>
public sealed class CacheLookupValuePolicy : IPolicy<CacheLookupValuePolicy>
{
    private const string Name = "cache-lookup-value";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>key</c>: 1 to 4 096 characters; all APIs share the keys; required. May be an expression.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>variable-name</c>: required.</summary>
    public required string Variable { get; init; }

    /// <summary><c>default-value</c>: what the variable is set to when there is no value. May be an expression.</summary>
    public PolicySetting<object?>? Default { get; init; }

    /// <summary><c>caching-type</c>: <c>prefer-external</c> (default), <c>internal</c> or <c>external</c>.</summary>
    public CachingType Type { get; init; }

    /// <inheritdoc/>
    public static CacheLookupValuePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (key, variable) = (read.ReadCacheKey(), read.Required("variable-name"));
        var (whenAbsent, type) = (read.ValueSetting("default-value"), read.ReadCachingType());
        read.End();
        return key is { } wanted && variable is not null
            ? new() { Key = wanted, Variable = variable, Default = whenAbsent, Type = type }
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var found = await CacheSettings.FindAsync(context, Type, Key.For(context), Name);
        if (found.IsHit)
        {
            context.Variables[Variable] = found.Value;
        }
        else if (Default is { } value)
        {
            context.Variables[Variable] = value.For(context);
        }
    }
}
