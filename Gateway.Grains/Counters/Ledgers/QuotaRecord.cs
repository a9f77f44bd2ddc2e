using System.Globalization;
using Gateway.Contracts.Counters;

namespace Gateway.Grains.Counters.Ledgers;

/// <summary>A quota as the state store keeps it. Times are milliseconds of the Unix epoch on the store's clock.</summary>
/// <param name="Start">When the period starts.</param>
/// <param name="End">When it ends; <see cref="QuotaCalendar.Never"/> for never. It never ends before, whatever any clock says.</param>
/// <param name="Reserved">How much of the period's allowance holders have taken: no token is granted that is not in it.</param>
/// <param name="Nonce">Another one with every write, so that a holder knows its own.</param>
/// <param name="Owed">What edges used beyond what was granted, as far as it is in <paramref name="Reserved"/>.</param>
internal readonly record struct QuotaRecord(long Start, long End, long Reserved, QuotaNonce Nonce, IReadOnlyDictionary<Guid, long> Owed)
{
    private const string Version = "1";

    private static readonly Dictionary<Guid, long> NothingOwed = [];

    /// <summary>Reads the stored form; null for what is none.</summary>
    public static QuotaRecord? Parse(string? text)
    {
        if (text?.Split('|') is not [Version, var start, var end, var reserved, { Length: > 0 } nonce, var owed]
            || !TryParse(start, out var startsAt) || !TryParse(end, out var endsAt) || !TryParse(reserved, out var count) || endsAt <= startsAt)
        {
            return null;
        }

        var edges = owed.Length == 0 ? NothingOwed : [];
        foreach (var entry in owed.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (entry.Split(':') is not [var edge, var amount] || !Guid.TryParse(edge, out var life) || !TryParse(amount, out var total))
            {
                return null;
            }

            edges[life] = total;
        }

        return new QuotaRecord(startsAt, endsAt, count, QuotaNonce.Parse(nonce), edges);
    }

    /// <summary>The stored form.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Version}|{Start}|{End}|{Reserved}|{Nonce}|{string.Join(',', Owed.Select(edge => string.Create(CultureInfo.InvariantCulture, $"{edge.Key:N}:{edge.Value}")))}");

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}

/// <summary>Marks a write. Of two parts, so that the many records of one writer share most of it.</summary>
/// <param name="Writer">Who wrote.</param>
/// <param name="Number">Which of its writes it was.</param>
internal readonly record struct QuotaNonce(string Writer, long Number)
{
    /// <summary>Reads the stored form; what is of no writer known here is one without a number.</summary>
    public static QuotaNonce Parse(string text) =>
        text.LastIndexOf('.') is > 0 and var dot && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && text[dot + 1] is >= '1' and <= '9'
            ? new QuotaNonce(text[..dot], number) : new QuotaNonce(text, 0);

    /// <summary>The stored form.</summary>
    public override string ToString() => Number == 0 ? Writer : string.Create(CultureInfo.InvariantCulture, $"{Writer}.{Number}");
}

/// <summary>A change of a stored quota.</summary>
/// <param name="Counter">The counter.</param>
/// <param name="Expected">What the store holds; null for nothing. When it holds something else, nothing is changed.</param>
/// <param name="Next">What it is to hold.</param>
/// <param name="LivesFor">How long it is to be kept, in milliseconds; null for ever.</param>
/// <param name="Entry">How operators find it, where that is to be written down; else null.</param>
internal sealed record QuotaWrite(CounterId Counter, string? Expected, QuotaRecord Next, long? LivesFor, QuotaEntry? Entry);

/// <summary>What the list of a key's counters says of one.</summary>
internal sealed record QuotaEntry(QuotaLabel Label, CounterDefinition Definition);
