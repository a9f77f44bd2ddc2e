namespace Gateway.Cli.Management;

/// <summary>Which management API to call, and how to be let in.</summary>
/// <param name="Service">The URL of the service resource, without a slash at the end.</param>
/// <param name="Token">The admin token.</param>
/// <param name="CaFile">Certificates to trust instead of the system's; null for the system's.</param>
internal sealed record ManagementTarget(Uri Service, string Token, string? CaFile)
{
    /// <summary>The path of a service resource; subscription and resource group may be anything.</summary>
    public static string ServicePath(string service) =>
        $"/subscriptions/local/resourceGroups/local/providers/Microsoft.ApiManagement/service/{service}";
}
