namespace Gateway.Hosting.Diagnostics;

/// <summary>
/// A feature that can keep a node from being ready. Registered in the services of a host as one of many; asked at every
/// <c>/readyz</c> and before every heartbeat, so it answers from memory.
/// </summary>
public interface IReadinessSource
{
    /// <summary>Why the node is not ready: plain sentences without secrets; empty when nothing is in the way.</summary>
    IEnumerable<string> Reasons();

    /// <summary>What operators should know though it keeps the node from nothing: plain sentences without secrets.</summary>
    IEnumerable<string> Remarks() => [];
}
