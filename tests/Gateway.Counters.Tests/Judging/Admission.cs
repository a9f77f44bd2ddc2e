namespace Gateway.Counters.Tests.Judging;

/// <summary>A token that let a request pass.</summary>
/// <param name="At">When, in true time.</param>
/// <param name="Edge">The life of the edge.</param>
/// <param name="IsOutage">True when it came from no grant.</param>
/// <param name="SiteTime">When, by the store's clock.</param>
/// <param name="LentAt">When it was lent, in true time; 0 when it came from no grant.</param>
/// <param name="PeriodEnd">When the period ends that it was lent from, by the store's clock; null for never, and of a window that slides.</param>
internal readonly record struct Admission(long At, string Edge, bool IsOutage, DateTimeOffset SiteTime, long LentAt, DateTimeOffset? PeriodEnd);
