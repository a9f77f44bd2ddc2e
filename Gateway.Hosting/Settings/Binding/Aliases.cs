using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>
/// The container settings of the reference product, so that its users can move without rewriting values. Those that mean something here are
/// mapped; a setting of our own wins. The others are accepted and listed once in the log.
/// </summary>
public static class Aliases
{
    /// <summary>What each of these names becomes.</summary>
    public static IReadOnlyDictionary<string, string> Meanings { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["gateway.name"] = "Gateway:GatewayId",
        ["config.service.endpoint"] = "Gateway:Upstream:Endpoint",
        ["config.service.auth"] = "Gateway:Upstream:Token",
        ["config.service.auth.key"] = "Gateway:Upstream:Token",
        ["observability.opentelemetry.collector.uri"] = "Gateway:Telemetry:OtlpEndpoint",
    };

    /// <summary>Names that begin so are known, and mean nothing here unless <see cref="Meanings"/> has them.</summary>
    public static IReadOnlyList<string> Prefixes { get; } =
    [
        "config.service.", "neighborhood.", "policy.rate-limit.sync.", "net.server.", "net.client.", "k8s.ingress.",
        "telemetry.", "observability.opentelemetry.", "logs.applicationinsights.", "certificates.local.ca.",
        "security.certificate-revocation.", "Microsoft.WindowsAzure.ApiManagement.Gateway.", "runtime.deployment.",
    ];

    private static readonly string[] CloudIdentities = ["azureAdApp", "workloadIdentity", "key"];

    /// <summary>Whether a name is one of the reference product's.</summary>
    public static bool IsKnown(string name) =>
        Meanings.ContainsKey(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    internal static (((string Path, string Alias) Name, string Value)[] Mapped, string[] Ignored) Read(IConfiguration configuration)
    {
        var given = configuration.GetChildren().Where(entry => entry.Value is { Length: > 0 } && IsKnown(entry.Key)).ToArray();
        var mapped = given.Where(entry => Value(entry, configuration) is not null)
            .Select(entry => ((Meanings[entry.Key], entry.Key), Value(entry, configuration)!));
        var ignored = given.Where(entry => Value(entry, configuration) is null).Select(entry => entry.Key);
        return ([.. mapped], [.. ignored]);
    }

    private static string? Value(IConfigurationSection entry, IConfiguration configuration) => entry.Key.ToLowerInvariant() switch
    {
        var name when !Meanings.ContainsKey(name) => null,
        "config.service.endpoint" => entry.Value!.Contains("://", StringComparison.Ordinal) ? entry.Value : "https://" + entry.Value,
        "config.service.auth" when CloudIdentities.Contains(entry.Value, StringComparer.OrdinalIgnoreCase) => null,
        "config.service.auth" or "config.service.auth.key" =>
            entry.Value!.StartsWith("GatewayKey ", StringComparison.OrdinalIgnoreCase) ? entry.Value["GatewayKey ".Length..].Trim() : entry.Value,
        "observability.opentelemetry.collector.uri" when !bool.TryParse(configuration["observability.opentelemetry.enabled"], out var on) || !on => null,
        _ => entry.Value,
    };
}
