using Gateway.Contracts.Counters;
using Gateway.Contracts.Publications;
using Gateway.Edge.Models;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Counters;

/// <summary>What a counter allows, as the newest publication says that spoke of it.</summary>
internal sealed class CounterTerms(CounterDefinition definition, QuotaLabel? label, CounterClock clock)
{
    private const int MillisecondsInSecond = 1000;

    private object? _seenIn;

    /// <summary>What it allows.</summary>
    public CounterDefinition Definition { get; private set; } = definition;

    /// <summary>Of a quota: how operators find it.</summary>
    public QuotaLabel? Label { get; } = label;

    /// <summary>The length of the sliding window, in ticks; 0 of a quota.</summary>
    public long Window { get; private set; } = clock.Ticks(definition.PeriodMilliseconds);

    /// <summary>True when this rule in this publication says nothing new.</summary>
    public bool Know(LimitRule rule, PublicationModel publication) =>
        ReferenceEquals(Volatile.Read(ref _seenIn), publication) && Definition.Limit == rule.Calls && Definition.PeriodMilliseconds == WindowOf(rule);

    /// <summary>Takes over what the newest publication says; where one publication says several things, the smallest limit.</summary>
    /// <returns>True when that is something else.</returns>
    public bool Redefine(LimitRule rule, PublicationModel publication, bool isCurrent)
    {
        PublicationId? from = rule.IsPublished ? publication.Id : null;
        if (from is { } offered && Definition.Publication is { } held)
        {
            var isNewer = offered.Lineage == held.Lineage ? offered.Number > held.Number : isCurrent;
            if (offered == held ? rule.Calls > Definition.Limit : !isNewer)
            {
                return false;
            }
        }

        var changed = Definition.Limit != rule.Calls || Definition.PeriodMilliseconds != WindowOf(rule);
        Definition = Definition with { Limit = rule.Calls, PeriodMilliseconds = WindowOf(rule), Publication = from };
        Window = clock.Ticks(Definition.PeriodMilliseconds);
        Volatile.Write(ref _seenIn, publication);
        return changed;
    }

    /// <summary>The window of a rule in milliseconds; 0 of a quota.</summary>
    public static int WindowOf(LimitRule rule) => rule.Kind == LimitKind.Rate ? rule.PeriodSeconds * MillisecondsInSecond : 0;
}
