namespace Gateway.Policies.Pipelines;

/// <summary>Where a failure inside nested policies came from, from its place outwards.</summary>
/// <param name="Failure">The failure; another one has its own trail.</param>
/// <param name="Path">The way to the failing element from the outermost policy, which is not part of it: <c>when[2]/set-header[1]</c>.</param>
/// <param name="Step">The failing step; null when the outermost one failed itself, e.g. by a condition.</param>
internal sealed record FailureTrail(Exception Failure, string Path, PolicyStep? Step);
