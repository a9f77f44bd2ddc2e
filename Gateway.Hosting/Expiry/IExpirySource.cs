namespace Gateway.Hosting.Expiry;

/// <summary>A feature that relies on something that ends: a certificate, a token, a key. Registered as one of many.</summary>
public interface IExpirySource
{
    /// <summary>What it relies on now. Answers from memory; asked about once a minute and for each reading of the metrics.</summary>
    IEnumerable<ExpiringThing> Expiries();
}

/// <summary>Something that ends.</summary>
/// <param name="Name">A short name for metrics, unique in the process: lower case and underscores.</param>
/// <param name="Description">What it is, in a sentence about it; where it comes from.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record ExpiringThing(string Name, string Description, DateTimeOffset ExpiresAt);
