namespace Gateway.Cli.Management;

/// <summary>What the server said to a change set.</summary>
/// <param name="Version">The catalog version; 0 when refused.</param>
/// <param name="Outcomes">One per change; empty when refused.</param>
/// <param name="Errors">Every finding when refused.</param>
/// <param name="Ignored">The names of members that mean nothing to the server; null when there are none.</param>
internal sealed record CommitAnswer(long Version, IReadOnlyList<CommitOutcome> Outcomes, IReadOnlyList<CommitError> Errors, string? Ignored = null);

/// <summary>What became of one resource: created, updated, unchanged, deleted.</summary>
internal sealed record CommitOutcome(string Id, string Outcome);

/// <summary>One finding.</summary>
/// <param name="Index">The zero-based change; null when it is not about one.</param>
/// <param name="Target">The property at fault, or null.</param>
/// <param name="Message">A sentence.</param>
internal sealed record CommitError(int? Index, string? Target, string Message);
