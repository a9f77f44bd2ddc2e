using Gateway.Hosting.Settings.Binding;

namespace Gateway.Hosting.Settings;

/// <summary>The folder in which a process keeps what outlives it. One process per folder.</summary>
public sealed record DataSettings
{
    /// <summary>The folder's path; made when missing. Relative to the working directory.</summary>
    public string Path { get; init; } = "data";
}

/// <summary>The site key.</summary>
public sealed record SecretsSettings
{
    /// <summary>
    /// A file with the 32 bytes of the site key in base64; all silos share it. An edge takes a file made by <c>gateway key export --for edge</c>.
    /// Default: <c>site.key</c> in the data folder, which a silo makes when it is missing.
    /// </summary>
    public string? KeyFile { get; init; }
}

/// <summary>The certificate of the https ports.</summary>
public sealed record TlsSettings
{
    /// <summary>A PEM file with the certificate and its chain. Default: a self-signed one, made in the data folder, with its CA in <c>ca.pem</c>.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>The PEM file of its private key. Default: the certificate's file.</summary>
    public string? KeyPath { get; init; }

    /// <summary>A self-made certificate is renewed when it ends within this time.</summary>
    [Period("1h", "300d")] public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(30);
}
