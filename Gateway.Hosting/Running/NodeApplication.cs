using System.Collections;
using Gateway.Hosting.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Hosting.Running;

/// <summary>
/// What the web hosts of both roles start from: nothing that the environment could switch on behind our back, but for the variables of
/// OpenTelemetry, whose users expect them to count.
/// </summary>
public static class NodeApplication
{
    private const string Telemetry = "OTEL_";

    /// <summary>A builder with Kestrel, logging, settings, environment and clock, and no listener yet.</summary>
    public static WebApplicationBuilder CreateBuilder(GatewaySettings settings, NodeEnvironment environment)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = $"Gateway.{environment.Role}" });
        builder.Configuration.AddInMemoryCollection(TelemetryVariables());
        HostLogging.Add(builder.Logging, environment.Configuration);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(environment);
        builder.Services.AddSingleton(environment.Readiness);
        builder.Services.AddSingleton(environment.Time);
        return builder;
    }

    private static IEnumerable<KeyValuePair<string, string?>> TelemetryVariables() =>
        from variable in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        let name = (string)variable.Key
        where name.StartsWith(Telemetry, StringComparison.Ordinal)
        select KeyValuePair.Create(name, (string?)variable.Value);
}
