namespace Gateway.Contracts.Counters;

/// <summary>What a quota counts.</summary>
public enum QuotaMeasure
{
    /// <summary>Calls.</summary>
    Calls = 0,

    /// <summary>KB of requests and responses.</summary>
    Bandwidth = 1,
}

/// <summary>How operators find a quota's counter: several counters may bear the same key.</summary>
/// <param name="Gateway">The gateway that counts.</param>
/// <param name="Key">The text that operators name; at most <see cref="LongestKey"/> characters, more is cut.</param>
/// <param name="Measure">What is counted.</param>
[GenerateSerializer, Immutable, Alias("gw.QuotaLabel")]
public sealed record QuotaLabel([property: Id(0)] string Gateway, [property: Id(1)] string Key, [property: Id(2)] QuotaMeasure Measure)
{
    /// <summary>The most characters of a key that are kept. Counters of longer keys are found by the beginning of it.</summary>
    public const int LongestKey = 1024;

    /// <summary>The label of a counter of <c>quota-by-key</c>.</summary>
    /// <param name="gateway">The gateway that counts.</param>
    /// <param name="measure">What is counted.</param>
    /// <param name="key">The value of <c>counter-key</c>.</param>
    public static QuotaLabel OfKey(string gateway, QuotaMeasure measure, string key) => new(gateway, Cut(key), measure);

    /// <summary>
    /// The label of a counter of <c>quota</c>: <c>subscription:{id}</c>, of a nested element followed by <c>;api:{id}</c> and
    /// <c>;operation:{id}</c>.
    /// </summary>
    /// <param name="gateway">The gateway that counts.</param>
    /// <param name="measure">What is counted.</param>
    /// <param name="subscription">The id of the subscription.</param>
    /// <param name="api">The id of the API of a nested element; null for none.</param>
    /// <param name="operation">The id of its operation; null for none.</param>
    public static QuotaLabel OfSubscription(string gateway, QuotaMeasure measure, string subscription, string? api = null, string? operation = null) =>
        new(gateway, Cut($"subscription:{subscription}{(api is null ? "" : $";api:{api}")}{(operation is null ? "" : $";operation:{operation}")}"), measure);

    /// <summary>A key as labels hold it.</summary>
    public static string Cut(string key) =>
        key.Length <= LongestKey ? key : key[..(char.IsHighSurrogate(key[LongestKey - 1]) ? LongestKey - 1 : LongestKey)];
}
