namespace Gateway.Contracts.Federation;

/// <summary>What happened between a site and its hub.</summary>
public enum SiteEventKind
{
    /// <summary>A publication of the hub became the site's copy.</summary>
    Taken = 0,

    /// <summary>The hub gave no good answer, for the first time or for another reason than before.</summary>
    Fault = 1,

    /// <summary>The hub answers as it should again.</summary>
    Recovered = 2,
}

/// <summary>What a site tells its hub that happened; also what happened while it could not tell. Wire, over HTTP as JSON.</summary>
/// <param name="SecondsAgo">How long ago, when it is told: the clocks of site and hub need not agree.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">A sentence, or the publication.</param>
[GenerateSerializer, Immutable, Alias("gw.SiteEvent")]
public sealed record SiteEvent(
    [property: Id(0)] double SecondsAgo,
    [property: Id(1)] SiteEventKind Kind,
    [property: Id(2)] string Text);

/// <summary>Some of them, oldest first. Wire.</summary>
/// <param name="Events">At most <see cref="Maximum"/>.</param>
public sealed record SiteEvents(SiteEvent[] Events)
{
    /// <summary>Events in one message, and events of one site that a hub remembers, at most.</summary>
    public const int Maximum = 100;
}

/// <summary>An event as the hub remembers it.</summary>
/// <param name="Time">When it happened, by the hub's clock.</param>
/// <param name="Kind">What.</param>
/// <param name="Text">A sentence, or the publication.</param>
[GenerateSerializer, Immutable, Alias("gw.SiteEventEntry")]
public sealed record SiteEventEntry(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] SiteEventKind Kind,
    [property: Id(2)] string Text);
