namespace Gateway.Hosting.Diagnostics;

/// <summary>Whether a node is ready. It is not while it starts, while it drains, and while a source has a reason.</summary>
public sealed class Readiness
{
    private const string StartingReason = "The node is starting.";
    private const string DrainingReason = "The node is stopping; it finishes what it has and takes nothing new.";

    private volatile IReadinessSource[] _sources = [];
    private volatile bool _started;
    private volatile bool _draining;

    /// <summary>The node is stopping.</summary>
    public bool IsDraining => _draining;

    /// <summary>Every reason against being ready, in the order of the sources.</summary>
    public string[] Reasons() => _draining ? [DrainingReason]
        : [.. _started ? [] : new[] { StartingReason }, .. _sources.SelectMany(source => source.Reasons())];

    /// <summary>What operators should know besides, in the order of the sources.</summary>
    public string[] Remarks() => [.. _sources.SelectMany(source => source.Remarks())];

    /// <summary>The host is built and its services have started; from now on only the sources count.</summary>
    public void Started(IEnumerable<IReadinessSource> sources)
    {
        _sources = [.. sources];
        _started = true;
    }

    /// <summary>The stop has begun.</summary>
    public void Drain() => _draining = true;
}
