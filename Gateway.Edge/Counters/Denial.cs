namespace Gateway.Edge.Counters;

/// <summary>A partition has said that so many tokens are not to be had: remembered, so that requests are turned away without a call.</summary>
/// <param name="Until">When asking is worth it again.</param>
/// <param name="Count">For so many tokens and more.</param>
/// <param name="FreeAt">When a request can pass again; <see cref="long.MaxValue"/> for never.</param>
/// <param name="IsBrief">True when it is worth asking ahead of the requests when it ends.</param>
internal sealed record Denial(long Until, long Count, long FreeAt, bool IsBrief = false)
{
    private const int Worth = 2;

    private int _turnedAway;

    /// <summary>A request is turned away. True for the one that shows that tokens are of use as soon as there are any.</summary>
    public bool Note() => IsBrief && _turnedAway < Worth && ++_turnedAway == Worth;

    /// <summary>True when it is of use for a request.</summary>
    public bool Holds(long now, long count) => now < Until && count >= Count;
}
