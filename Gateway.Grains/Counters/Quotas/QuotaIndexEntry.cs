using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Contracts.Counters;
using Gateway.Grains.Counters.Ledgers;

namespace Gateway.Grains.Counters.Quotas;

/// <summary>How the list of a key's counters describes one. Wire.</summary>
internal sealed record QuotaIndexEntry
{
    public required QuotaMeasure Measure { get; init; }

    public required long Limit { get; init; }

    public required long Seconds { get; init; }

    public required DateTimeOffset FirstStart { get; init; }

    public static QuotaIndexEntry Of(QuotaEntry entry) => new()
    {
        Measure = entry.Label.Measure,
        Limit = entry.Definition.Limit,
        Seconds = entry.Definition.Quota!.Seconds,
        FirstStart = entry.Definition.Quota.FirstStart,
    };

    /// <summary>Reads the stored form; null for what is none.</summary>
    public static QuotaIndexEntry? Read(byte[]? bytes)
    {
        try
        {
            return bytes is null ? null : JsonSerializer.Deserialize(bytes, QuotaIndexJson.Default.QuotaIndexEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, QuotaIndexJson.Default.QuotaIndexEntry);

    public QuotaEntry ToEntry(string gateway, string key) => new(
        new QuotaLabel(gateway, key, Measure), new CounterDefinition { Limit = Limit, PeriodMilliseconds = 0, Quota = new QuotaPeriod(Seconds, FirstStart) });
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(QuotaIndexEntry))]
internal sealed partial class QuotaIndexJson : JsonSerializerContext;
