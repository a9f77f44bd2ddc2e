using System.Security.Cryptography.X509Certificates;
using Gateway.Contracts.Publications;
using Gateway.Edge.Certificates;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Edge.Backends;

/// <summary>A backend: what policies see of it, and what is sent to it.</summary>
internal sealed record BackendModel : BackendInfo
{
    /// <summary>Builds it from its publication record.</summary>
    /// <param name="entry">The record.</param>
    /// <param name="certificates">The certificates of the publication.</param>
    /// <param name="before">The same backend in the publication before; null for none.</param>
    public BackendModel(BackendEntry entry, CertificateTable certificates, BackendModel? before = null) : base(entry.Id, entry.Pool is not null ? null : entry.Url.TrimEnd('/'))
    {
        Circuit = entry.CircuitBreaker is not { } rule ? null : before?.Circuit is { } circuit && circuit.Is(rule) ? circuit : new(rule);
        Trust = new BackendTrust(entry.ValidateCertificateChain, entry.ValidateCertificateName);
        Headers = [.. entry.Headers.Select(header => KeyValuePair.Create(header.Name, new StringValues([.. header.Values])))];
        Query = string.Join('&', entry.Query.SelectMany(
            parameter => parameter.Values,
            (parameter, value) => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(value)}"));
        Authorization = entry.Authorization;
        X509Certificate2?[] named = [.. entry.Certificates.Select(certificates.ById.GetValueOrDefault), .. entry.CertificateThumbprints.Select(certificates.ByThumbprint.GetValueOrDefault)];
        var certificate = named.FirstOrDefault(found => found is { HasPrivateKey: true });
        LacksCertificate = certificate is null && named.Length > 0;
        Connection = new ConnectionChoice(entry.Proxy is { } proxy ? new ProxyServer(new Uri(proxy.Url), proxy.User, proxy.Password) : null, certificate);
    }

    /// <summary>How its certificate is judged.</summary>
    public BackendTrust Trust { get; }

    /// <summary>Headers sent with every request, in place of the request's own.</summary>
    public IReadOnlyList<KeyValuePair<string, StringValues>> Headers { get; }

    /// <summary>Query parameters sent with every request, escaped, without a question mark; empty for none.</summary>
    public string Query { get; }

    /// <summary>The Authorization header sent with every request; null for the request's own.</summary>
    public string? Authorization { get; }

    /// <summary>The proxy and the certificate for the connections to it, where policies choose none.</summary>
    public ConnectionChoice Connection { get; }

    /// <summary>True when it names certificates, and none of them is here with its private key.</summary>
    public bool LacksCertificate { get; }

    /// <summary>Takes it out of use while it fails; null when nothing does.</summary>
    public CircuitBreaker? Circuit { get; }

    /// <summary>Whether it is not out of use for having failed.</summary>
    public bool IsInUse(DateTimeOffset now) => Circuit is not { } circuit || !circuit.IsOpen(now);

    /// <summary>What it chooses from; null for a single backend.</summary>
    public BackendPool? Pool { get; set; }

    /// <summary>Its id and URL only: the rest may be secret.</summary>
    public override string ToString() => $"{Id} ({Url})";
}

/// <summary>How a backend's certificate is judged.</summary>
/// <param name="Chain">It must lead to a trusted root.</param>
/// <param name="Name">It must name the host.</param>
internal readonly record struct BackendTrust(bool Chain, bool Name)
{
    /// <summary>Both.</summary>
    public static BackendTrust Full => new(true, true);
}
