namespace Gateway.Contracts.Catalog;

/// <summary>What became of one change.</summary>
public enum ChangeOutcome
{
    /// <summary>The resource was not there before.</summary>
    Created = 0,

    /// <summary>The resource has new content.</summary>
    Updated = 1,

    /// <summary>The content was the same; ETag and version stay.</summary>
    Unchanged = 2,

    /// <summary>The resource was there and is gone.</summary>
    Deleted = 3,

    /// <summary>A delete of something that was not there.</summary>
    Absent = 4,
}

/// <summary>The outcome of one change, in the order of the change set.</summary>
[GenerateSerializer, Immutable, Alias("gw.ChangeReceipt")]
public sealed record ChangeReceipt(
    [property: Id(0)] string Id,
    [property: Id(1)] ChangeOutcome Outcome,
    [property: Id(2)] Resource? Resource);

/// <summary>The outcome of a committed change set.</summary>
[GenerateSerializer, Immutable, Alias("gw.ChangeSetReceipt")]
public sealed record ChangeSetReceipt(
    [property: Id(0)] long Version,
    [property: Id(1)] ChangeReceipt[] Changes);
