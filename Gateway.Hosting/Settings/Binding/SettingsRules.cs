using System.Net;
using Gateway.Contracts.Results;

namespace Gateway.Hosting.Settings.Binding;

/// <summary>What must hold between settings.</summary>
internal static class SettingsRules
{
    public static IEnumerable<GatewayError> Check(GatewaySettings settings)
    {
        if (settings.Nodes.StaleAfter <= settings.Nodes.BeatPeriod)
        {
            yield return Longer("Nodes:StaleAfter", settings.Nodes.StaleAfter, "Nodes:BeatPeriod", settings.Nodes.BeatPeriod);
        }

        if (settings.Nodes.GoneAfter <= settings.Nodes.StaleAfter)
        {
            yield return Longer("Nodes:GoneAfter", settings.Nodes.GoneAfter, "Nodes:StaleAfter", settings.Nodes.StaleAfter);
        }

        if (settings.Tls is { KeyPath: not null, CertificatePath: null })
        {
            yield return Error("Tls:CertificatePath", "Gateway:Tls:CertificatePath must be set when Gateway:Tls:KeyPath is.");
        }

        if (settings.Upstream.Endpoint is { } endpoint && EndpointObjection(endpoint) is { } objection)
        {
            yield return Error("Upstream:Endpoint", $"Gateway:Upstream:Endpoint (config.service.endpoint) must be the https URL of a hub of this product, it is {SettingValues.Shown(endpoint)}: {objection}");
        }

        if (settings.Upstream is { Token: not null, TokenFile: not null })
        {
            yield return Error("Upstream:Token", "Gateway:Upstream:Token must not be set when Gateway:Upstream:TokenFile is.");
        }

        if (settings.Limits.Quota.OnOutage == OnOutage.Escrow)
        {
            yield return Error("Limits:Quota:OnOutage", "Gateway:Limits:Quota:OnOutage must be last-seen, closed or open; escrow is for rate limits.");
        }

        if (settings.Identity.TokenEndpoint is not null && settings.Identity.ClientId is null)
        {
            yield return Error("Identity:ClientId", "Gateway:Identity:ClientId must be set when Gateway:Identity:TokenEndpoint is.");
        }

        if (settings.Identity is { TokenEndpoint: not null } identity && (identity.ClientSecret is null) == (identity.FederatedTokenFile is null))
        {
            yield return Error(
                "Identity:ClientSecret",
                "Exactly one of Gateway:Identity:ClientSecret and Gateway:Identity:FederatedTokenFile must be set when Gateway:Identity:TokenEndpoint is.");
        }

        if (settings.Counters.Stamp && !IsLoopback(settings.Edge.BindAddress))
        {
            yield return Error(
                "Counters:Stamp",
                $"Gateway:Counters:Stamp must be false unless Gateway:Edge:BindAddress is a loopback address, it is {SettingValues.Shown(settings.Edge.BindAddress)}.");
        }
    }

    private static string? EndpointObjection(string endpoint) =>
        IsAzure(endpoint) ? "Azure API Management speaks its own private configuration protocol, which this gateway does not."
        : !endpoint.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "what a hub sends holds secrets of the configuration, and it serves sites over https only."
        : null;

    private static bool IsAzure(string endpoint)
    {
        var host = new Uri(endpoint).Host.TrimEnd('.');
        string[] domains = ["azure-api.net", "azure-api.us", "azure-api.cn", "management.azure.com"];
        return domains.Any(domain => host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsLoopback(string address) =>
        address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    private static GatewayError Longer(string name, TimeSpan value, string other, TimeSpan bound) =>
        Error(name, $"Gateway:{name} must be longer than Gateway:{other} ({Periods.Format(bound)}), it is {Periods.Format(value)}.");

    private static GatewayError Error(string name, string sentence) =>
        new(ErrorKind.ValidationError, sentence) { Target = $"{SettingsCatalog.Root}:{name}" };
}
