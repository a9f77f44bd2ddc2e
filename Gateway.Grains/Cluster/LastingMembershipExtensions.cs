using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Gateway.Grains.Cluster;

/// <summary>The silos' list of each other.</summary>
public static class LastingMembershipExtensions
{
    // The field of Orleans' hash that holds the version of the list.
    private const string VersionField = "Version";

    /// <summary>Lets the list of silos, which was added before and is kept in Redis, outlive the loss of its store.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="store">Gives the state store, once the silo runs.</param>
    /// <param name="key">Gives the key that the list is kept under.</param>
    public static IServiceCollection AddLastingMembership(this IServiceCollection services, Func<IConnectionMultiplexer> store, Func<IServiceProvider, RedisKey> key)
    {
        var kept = services.Last(service => service.ServiceType == typeof(IMembershipTable));
        services.Remove(kept);
        return services.AddSingleton<IMembershipTable>(provider => new LastingMembershipTable(
            (IMembershipTable)kept.ImplementationFactory!(provider),
            known => RaiseAsync(store().GetDatabase(), key(provider), known),
            provider.GetRequiredService<ILocalSiloDetails>().SiloAddress,
            provider.GetRequiredService<ILogger<LastingMembershipTable>>()));
    }

    private static async Task<bool> RaiseAsync(IDatabase database, RedisKey key, int known)
    {
        var found = await database.HashGetAsync(key, VersionField);
        if (!found.IsNull && (int)found >= known)
        {
            return false;
        }

        // When another silo is faster this writes nothing, and the list is looked at again all the same.
        var write = database.CreateTransaction();
        write.AddCondition(found.IsNull ? Condition.HashNotExists(key, VersionField) : Condition.HashEqual(key, VersionField, found));
        _ = write.HashSetAsync(key, VersionField, known + 1);
        await write.ExecuteAsync();
        return true;
    }
}
