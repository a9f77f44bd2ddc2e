using Gateway.Cli.Data;

namespace Gateway.Cli.Up;

/// <summary>What a person reads when the gateway is up.</summary>
internal static class Welcome
{
    /// <summary>The text; lines are ready to paste into a shell.</summary>
    /// <param name="run">Where things are.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="service">The URL of the service resource.</param>
    /// <param name="sampleKey">The key of the sample's subscription; null when there is no sample.</param>
    public static string Text(RunFile run, string data, Uri service, string? sampleKey)
    {
        var sample = sampleKey is null ? "" : $"""

            Call the sample API:
              curl -H {Quote($"Ocp-Apim-Subscription-Key: {sampleKey}")} {run.Gateway}/petstore/pets

            """;
        return $"""

            Gateway      {run.Gateway}  {run.GatewayTls}
            Management   {run.ManagementTls}  {run.Management}
            Diagnostics  {run.Diagnostics}/readyz  {run.Diagnostics}/metrics
            Data folder  {data}
            {sample}
            List the APIs through the management API:
              curl --cacert {Quote(run.CaFile)} -H "Authorization: Bearer $(cat {Quote(run.AdminTokenFile)})" {Quote($"{service}/apis?api-version=2024-05-01")}

            Stop with Ctrl+C.
            """;
    }

    private static string Quote(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
