using Gateway.Contracts.Nodes;
using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The listener for <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>: plain HTTP, no authentication, no secrets.</summary>
public sealed record DiagnosticsSettings
{
    /// <summary>Its port. Default: 8082 of an edge, 8083 of a silo.</summary>
    [Port] public int? Port { get; init; }

    /// <summary>Where it listens.</summary>
    [BindAddress] public string BindAddress { get; init; } = "*";

    /// <summary>The port in a role.</summary>
    public int PortOf(NodeRole role) => Port ?? (role == NodeRole.Edge ? 8082 : 8083);
}

/// <summary>Where traces and metrics go besides <c>/metrics</c>.</summary>
public sealed record TelemetrySettings
{
    /// <summary>An OTLP collector. Default: the environment's <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without either nothing is exported.</summary>
    [HttpUrl] public string? OtlpEndpoint { get; init; }

    /// <summary>How often metrics are sent there.</summary>
    [Period("100ms", "1h")] public TimeSpan ExportPeriod { get; init; } = TimeSpan.FromMinutes(1);
}
