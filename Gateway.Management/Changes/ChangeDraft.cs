using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;

namespace Gateway.Management.Changes;

/// <summary>One write as a caller asked for it, its path already understood.</summary>
internal sealed record ChangeDraft
{
    /// <summary>What to do.</summary>
    public required ChangeOperation Operation { get; init; }

    /// <summary>The kind of the resource.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>The path in canonical spelling.</summary>
    public required string Id { get; init; }

    /// <summary>The properties as sent; null for a delete.</summary>
    public JsonObject? Properties { get; init; }

    /// <summary>See <see cref="Change.IfMatch"/>.</summary>
    public string? IfMatch { get; init; }

    /// <summary>See <see cref="Change.Cascade"/>.</summary>
    public bool Cascade { get; init; }
}

/// <summary>What became of the drafts.</summary>
/// <param name="Version">The catalog version that holds them.</param>
/// <param name="Receipts">One for each draft, in their order.</param>
/// <param name="Ignored">Properties that nothing knows.</param>
internal sealed record PlanOutcome(long Version, ChangeReceipt[] Receipts, IReadOnlyList<IgnoredProperty> Ignored);

/// <summary>A property that nothing knows.</summary>
/// <param name="Index">The index of its draft.</param>
/// <param name="Name">Its path below the properties.</param>
internal sealed record IgnoredProperty(int Index, string Name);
