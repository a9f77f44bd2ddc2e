namespace Gateway.Edge.Counters;

/// <summary>A partition has said that so many tokens are not to be had: remembered, so that requests are turned away without a call.</summary>
/// <param name="Until">When asking is worth it again.</param>
/// <param name="Count">For so many tokens and more.</param>
/// <param name="FreeAt">When a request can pass again; <see cref="long.MaxValue"/> for never.</param>
internal sealed record Denial(long Until, long Count, long FreeAt)
{
    /// <summary>True when it is of use for a request.</summary>
    public bool Holds(long now, long count) => now < Until && count >= Count;
}
