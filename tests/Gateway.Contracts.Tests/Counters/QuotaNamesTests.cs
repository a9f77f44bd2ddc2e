using Gateway.Contracts.Counters;

namespace Gateway.Contracts.Tests.Counters;

public sealed class QuotaNamesTests
{
    private static readonly QuotaPeriod Hour = new(3600, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Names_OfDifferentThings_AllDiffer()
    {
        CounterId[] names =
        [
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour, "a"),
            QuotaNames.OfKey("managed", QuotaMeasure.Bandwidth, Hour, "a"),
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour with { Seconds = 7200 }, "a"),
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour with { FirstStart = DateTimeOffset.UnixEpoch.AddSeconds(1) }, "a"),
            QuotaNames.OfKey("other", QuotaMeasure.Calls, Hour, "a"),
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour, "b"),
            QuotaNames.OfSubscription("managed", QuotaMeasure.Calls, Hour, "product", "p", "", "", "s"),
            QuotaNames.OfSubscription("managed", QuotaMeasure.Bandwidth, Hour, "product", "p", "", "", "s"),
            QuotaNames.OfSubscription("managed", QuotaMeasure.Calls, Hour, "product", "p", "api", "x", "s"),
            QuotaNames.OfSubscription("managed", QuotaMeasure.Calls, Hour, "product", "p", "", "", "t"),
        ];

        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Name_SameMomentInAnotherZone_IsTheSame() =>
        Assert.Equal(
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour, "a"),
            QuotaNames.OfKey("managed", QuotaMeasure.Calls, Hour with { FirstStart = DateTimeOffset.UnixEpoch.ToOffset(TimeSpan.FromHours(2)) }, "a"));

    [Theory]
    [InlineData(null, null, "subscription:s1")]
    [InlineData("orders", null, "subscription:s1;api:orders")]
    [InlineData("orders", "create", "subscription:s1;api:orders;operation:create")]
    public void Label_OfSubscription_IsWhatAnOperatorCanBuild(string? api, string? operation, string expected) =>
        Assert.Equal(expected, QuotaLabel.OfSubscription("managed", QuotaMeasure.Calls, "s1", api, operation).Key);

    [Fact]
    public void Label_OfALongKey_IsCutBetweenCharacters()
    {
        var key = new string('a', QuotaLabel.LongestKey - 1) + "\U0001F600" + new string('b', 100_000);

        Assert.Equal(new string('a', QuotaLabel.LongestKey - 1), QuotaLabel.OfKey("managed", QuotaMeasure.Calls, key).Key);
        Assert.Equal(QuotaLabel.LongestKey, QuotaLabel.Cut(new string('c', 5000)).Length);
    }
}
