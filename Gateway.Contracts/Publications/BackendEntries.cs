namespace Gateway.Contracts.Publications;

/// <summary>One member of a pool of backends.</summary>
/// <param name="Id">The backend's id.</param>
/// <param name="Priority">Lower ones are used first, 0 to 100.</param>
/// <param name="Weight">Its share among members of the same priority, 0 to 100.</param>
public sealed record PoolMemberEntry(string Id, int Priority, int Weight);

/// <summary>A proxy on the way to a backend.</summary>
/// <param name="Url">Its absolute http or https URL.</param>
/// <param name="User">The user's name; null when it wants none.</param>
/// <param name="Password">The user's password; null when it wants none.</param>
public sealed record ProxyEntry(string Url, string? User, string? Password)
{
    /// <summary>Its URL only: the rest is secret.</summary>
    public override string ToString() => Url;
}

/// <summary>When a backend is taken out of use for a while.</summary>
public sealed record CircuitBreakerEntry
{
    /// <summary>The rule's name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Failures within the interval; null when a percentage decides.</summary>
    public int? Count { get; init; }

    /// <summary>Failures of a hundred requests within the interval; null when a count decides.</summary>
    public int? Percentage { get; init; }

    /// <summary>The time in which failures are counted.</summary>
    public TimeSpan Interval { get; set; }

    /// <summary>The statuses that are failures.</summary>
    public IReadOnlyList<StatusRange> Statuses { get; set; } = [];

    /// <summary>The reasons of requests without an answer that are failures.</summary>
    public IReadOnlyList<string> Reasons { get; set; } = [];

    /// <summary>How long the backend is out of use.</summary>
    public TimeSpan TripDuration { get; set; }

    /// <summary>True: as long as the backend's <c>Retry-After</c> says, when it says so.</summary>
    public bool AcceptRetryAfter { get; init; }
}

/// <summary>Statuses from one to another, both included.</summary>
public sealed record StatusRange(int Minimum, int Maximum);
