using Gateway.Hosting.Settings;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Hosting.Telemetry;

/// <summary>Traces and metrics of the process, set up once.</summary>
public static class TelemetryServiceCollectionExtensions
{
    private const string OtlpVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// Metrics always, for <c>/metrics</c>; OTLP for metrics and traces only when a collector is named. Without one nothing records
    /// spans. Every meter and activity source of ours is named <c>Gateway.…</c>.
    /// </summary>
    public static IServiceCollection AddGatewayTelemetry(this IServiceCollection services, GatewaySettings settings)
    {
        var collector = settings.Telemetry.OtlpEndpoint ?? Environment.GetEnvironmentVariable(OtlpVariable);
        var export = !string.IsNullOrWhiteSpace(collector);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                "gateway", settings.ServiceId, HostVersion.Text, autoGenerateServiceInstanceId: false, settings.NodeName))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter("Gateway.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Server.Kestrel")
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter();
                if (export)
                {
                    metrics.AddOtlpExporter((otlp, reader) =>
                    {
                        SetEndpoint(otlp, settings.Telemetry.OtlpEndpoint, "v1/metrics");
                        reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Telemetry.ExportPeriod.TotalMilliseconds;
                    });
                }
            });
        if (export)
        {
            telemetry.WithTracing(traces => traces
                .AddSource("Gateway.*", "Microsoft.AspNetCore", "System.Net.Http", "Microsoft.Orleans.Application")
                .AddOtlpExporter(otlp => SetEndpoint(otlp, settings.Telemetry.OtlpEndpoint, "v1/traces")));
        }

        return services;
    }

    // The exporter reads the environment itself, path included; an endpoint of ours is complete only for gRPC.
    private static void SetEndpoint(OpenTelemetry.Exporter.OtlpExporterOptions otlp, string? endpoint, string path)
    {
        if (endpoint is null)
        {
            return;
        }

        otlp.Endpoint = otlp.Protocol == OpenTelemetry.Exporter.OtlpExportProtocol.HttpProtobuf
            ? new Uri(new Uri(endpoint.TrimEnd('/') + "/"), path)
            : new Uri(endpoint);
    }
}
