using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Caching;

/// <summary>Forgets a value that <c>cache-store-value</c> has kept. That there is none is no error.</summary>
public sealed class CacheRemoveValuePolicy : IPolicy<CacheRemoveValuePolicy>
{
    private const string Name = "cache-remove-value";
    private const string Failed = "The cached value could not be removed: the cache cannot be reached.";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>key</c>: 1 to 4 096 characters; required. May be an expression.</summary>
    public required PolicySetting<string> Key { get; init; }

    /// <summary><c>caching-type</c>: <c>prefer-external</c> (default), <c>internal</c> or <c>external</c>.</summary>
    public CachingType Type { get; init; }

    /// <summary><c>fail-on-cache-removal-error</c>: true fails the request with 500 when the cache cannot be reached; false by default.</summary>
    public bool FailOnError { get; init; }

    /// <inheritdoc/>
    public static CacheRemoveValuePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (key, type, fails) = (read.ReadCacheKey(), read.ReadCachingType(), read.Boolean("fail-on-cache-removal-error", false));
        read.End();
        return key is { } name ? new() { Key = name, Type = type, FailOnError = fails } : null;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        if (!await context.Cache.RemoveAsync(Type, Key.For(context)) && FailOnError)
        {
            throw new PolicyException(
                new LastError { Source = Name, Reason = "CacheRemovalFailed", Message = Failed }, StatusCodes.Status500InternalServerError, Failed);
        }
    }
}
