using Gateway.Contracts.Catalog.Kinds.Policies;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Catalog.PolicyChecks;

/// <summary>A policy document to compile, with the named values that it would have.</summary>
[GenerateSerializer, Immutable, Alias("gw.PolicyToCheck")]
internal sealed record PolicyToCheck
{
    /// <summary>Hash of everything that the verdict depends on.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>The document.</summary>
    [Id(1)] public required string Text { get; init; }

    /// <summary>Where it stands.</summary>
    [Id(2)] public required PolicyScope Scope { get; init; }

    /// <summary>The named values it names, as far as they exist.</summary>
    [Id(3)] public required NamedValueText[] NamedValues { get; init; }

    /// <summary>True when its expressions stand as typed (<c>rawxml</c>).</summary>
    [Id(4)] public bool IsRaw { get; init; }

    /// <summary>True for a policy fragment, whose scope says nothing.</summary>
    [Id(5)] public bool IsFragment { get; init; }

    /// <summary>The policy fragments it names, as far as they exist.</summary>
    [Id(6)] public NamedFragment[] Fragments { get; init; } = [];
}

/// <summary>A policy fragment for a check.</summary>
[GenerateSerializer, Immutable, Alias("gw.NamedFragment")]
internal sealed record NamedFragment(
    [property: Id(0)] string Id,
    [property: Id(1)] string Text,
    [property: Id(2)] bool IsRaw);

/// <summary>A named value for a check.</summary>
[GenerateSerializer, Immutable, Alias("gw.NamedValueText")]
internal sealed record NamedValueText(
    [property: Id(0)] string Name,
    [property: Id(1)] string Value,
    [property: Id(2)] bool IsSecret)
{
    /// <summary>Without the value, so that a log line cannot hold it.</summary>
    public override string ToString() => Name;
}

/// <summary>What a check found.</summary>
[GenerateSerializer, Immutable, Alias("gw.PolicyVerdict")]
internal sealed record PolicyVerdict
{
    /// <summary>The key of the document.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>Display names of the named values it uses.</summary>
    [Id(1)] public string[] NamedValues { get; init; } = [];

    /// <summary>Ids of the backends it uses: for silos that know of no <see cref="References"/>.</summary>
    [Id(2)] public string[] Backends { get; init; } = [];

    /// <summary>Why it is refused; empty when it is correct.</summary>
    [Id(3)] public GatewayError[] Errors { get; init; } = [];

    /// <summary>The resources it names.</summary>
    [Id(4)] public NamedReference[] References { get; init; } = [];
}

/// <summary>A resource that a document names, and where.</summary>
[GenerateSerializer, Immutable, Alias("gw.NamedReference")]
internal sealed record NamedReference(
    [property: Id(0)] string Path,
    [property: Id(1)] string Element,
    [property: Id(2)] int Line,
    [property: Id(3)] int Column);
