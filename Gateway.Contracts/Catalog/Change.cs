namespace Gateway.Contracts.Catalog;

/// <summary>What a change does to its resource.</summary>
public enum ChangeOperation
{
    /// <summary>Create, or replace what is there. Secret properties that are left out are kept.</summary>
    Put = 0,

    /// <summary>Merge into what is there (RFC 7396); the resource must exist.</summary>
    Patch = 1,

    /// <summary>Remove it and everything below it; nothing happens when it is not there.</summary>
    Delete = 2,
}

/// <summary>One resource write.</summary>
[GenerateSerializer, Immutable, Alias("gw.Change")]
public sealed record Change
{
    /// <summary>What to do.</summary>
    [Id(0)] public required ChangeOperation Operation { get; init; }

    /// <summary>The resource's path below the service.</summary>
    [Id(1)] public required string Id { get; init; }

    /// <summary>UTF-8 JSON object with the properties; null for a delete.</summary>
    [Id(2)] public byte[]? Properties { get; init; }

    /// <summary>The ETag the resource must have: null for any or none, <c>*</c> for any existing one.</summary>
    [Id(3)] public string? IfMatch { get; init; }

    /// <summary>On a delete: also delete the resources that refer to this one instead of refusing.</summary>
    [Id(4)] public bool Cascade { get; init; }
}

/// <summary>Resource writes that are committed all together, as one catalog version, or not at all.</summary>
[GenerateSerializer, Immutable, Alias("gw.ChangeSet")]
public sealed record ChangeSet([property: Id(0)] Change[] Changes);
