using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.Grains.Publications.Projection;

/// <summary>Which bucket holds a subscription: one change sends one bucket, not all keys of the site.</summary>
internal static class SubscriptionBuckets
{
    /// <summary>How many there are. More make a change cheaper and an empty publication no larger: empty buckets are left out.</summary>
    public const int Count = 64;

    /// <summary>The bucket of a subscription id.</summary>
    public static int Of(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id))[0] % Count;

    /// <summary>The part of a bucket.</summary>
    public static PartKey Part(int bucket) => new(Contracts.Publications.ChunkKind.Subscriptions, Name(bucket));

    /// <summary>The bucket's id in a manifest; sorts by number.</summary>
    public static string Name(int bucket) => bucket.ToString("d2", CultureInfo.InvariantCulture);
}
