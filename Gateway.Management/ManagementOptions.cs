namespace Gateway.Management;

/// <summary>What the management API needs to know of its host.</summary>
public sealed class ManagementOptions
{
    /// <summary>The name of the service in every path; another name is answered 404. Compared without case.</summary>
    public string ServiceName { get; init; } = "gateway";

    /// <summary>The text that callers send as <c>Authorization: Bearer TEXT</c>. Not empty; white space at its ends does not count.</summary>
    public required string AdminToken { get; init; }

    /// <summary>Where clients reach the gateway, shown as <c>gatewayUrl</c> of the service; null shows none.</summary>
    public string? GatewayUrl { get; init; }

    /// <summary>Shown as the service's <c>location</c>.</summary>
    public string Location { get; init; } = "on-premises";

    /// <summary>The address of the hub that this site gets its configuration from; null when the site is its own hub.</summary>
    public string? Hub { get; init; }
}
