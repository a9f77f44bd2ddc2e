using System.Net;

namespace Gateway.Cli.Up;

/// <summary>What the command line of <c>gateway up</c> says. A port of 0 is any free one.</summary>
internal sealed record UpOptions
{
    /// <summary>The data folder.</summary>
    public required string Data { get; init; }

    /// <summary>Where the gateway, the management API's https port and the diagnostics listen.</summary>
    public required IPAddress Bind { get; init; }

    /// <summary>The gateway's http port.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>The gateway's https port.</summary>
    public required int GatewayTlsPort { get; init; }

    /// <summary>The management API's http port, always on loopback.</summary>
    public required int ManagementPort { get; init; }

    /// <summary>The management API's https port.</summary>
    public required int ManagementTlsPort { get; init; }

    /// <summary>Metrics and health.</summary>
    public required int DiagnosticsPort { get; init; }

    /// <summary>The embedded store.</summary>
    public required int StorePort { get; init; }

    /// <summary>Silo to silo.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Edges to silo.</summary>
    public required int SiloGatewayPort { get; init; }

    /// <summary>A folder to apply after the start.</summary>
    public string? Apply { get; init; }

    /// <summary>True: no sample on the first start.</summary>
    public bool NoSample { get; init; }
}
