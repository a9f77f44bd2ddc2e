using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Kinds;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>A resource that a change set touched.</summary>
internal sealed class DraftEntry
{
    /// <summary>The path.</summary>
    public required string Id { get; init; }

    /// <summary>The change that touched it last.</summary>
    public required int Index { get; init; }

    /// <summary>What the resource will be; null: it goes.</summary>
    public DraftContent? Content { get; init; }

    /// <summary>For one that goes: those that refer to it go too.</summary>
    public bool Cascade { get; init; }
}

/// <summary>The new content of a resource.</summary>
internal sealed class DraftContent
{
    /// <summary>Its kind.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>All properties, secret ones too.</summary>
    public required JsonObject Properties { get; init; }

    /// <summary>The names it holds.</summary>
    public required IReadOnlyList<UniqueName> Names { get; init; }

    /// <summary>What it refers to; for policy documents known after the check.</summary>
    public required IReadOnlyList<ResourceReference> References { get; set; }
}
