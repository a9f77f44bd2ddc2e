using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Hosting.Data;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;

namespace Gateway.Hosting.Tls;

/// <summary>The certificate of the https ports: the operator's, or a self-signed one kept in the data folder.</summary>
public static class ServerCertificates
{
    /// <summary>The name of the file with the CA of self-signed certificates; clients trust it to call this node.</summary>
    public const string CaFileName = "ca.pem";

    private const string CaKeyName = "ca.key";
    private const string ServerName = "server.pem";
    private const string ServerKeyName = "server.key";

    /// <summary>Loads or makes it.</summary>
    /// <exception cref="ExitException">Exit code 2 for the operator's files, 4 for those of the data folder.</exception>
    public static ServerCertificate Load(TlsSettings settings, DataFolder data, TimeProvider time)
    {
        if (settings.CertificatePath is { } path)
        {
            return LoadNamed(path, settings.KeyPath);
        }

        var now = time.GetUtcNow();
        try
        {
            using var ca = LoadOrMakeCa(data, now, settings.RenewBefore);
            using var server = LoadOrMakeServer(data, ca, now, settings.RenewBefore);
            return new ServerCertificate(Usable(server), [], data.In(CaFileName));
        }
        catch (CryptographicException refused)
        {
            throw data.Damaged("its certificates", refused.Message.TrimEnd('.'), refused);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw data.Damaged("its certificates", refused.Message.TrimEnd('.'), refused);
        }
    }

    private static ServerCertificate LoadNamed(string path, string? keyPath)
    {
        try
        {
            using var pem = X509Certificate2.CreateFromPemFile(path, keyPath ?? path);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);
            return new ServerCertificate(Usable(pem), [.. chain.Skip(1)], null);
        }
        catch (Exception refused) when (refused is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ExitException(
                ExitCodes.Setting,
                $"Gateway:Tls:CertificatePath ({path}) and Gateway:Tls:KeyPath ({keyPath ?? path}) must be a certificate and its key in PEM: {refused.Message}",
                refused);
        }
    }

    private static X509Certificate2 LoadOrMakeCa(DataFolder data, DateTimeOffset now, TimeSpan renewBefore)
    {
        if (LoadKept(data, CaFileName, CaKeyName, now, renewBefore) is { } kept)
        {
            return kept;
        }

        var made = CertificateMaker.MakeCa(now);
        Keep(data, made, CaFileName, CaKeyName);
        return made;
    }

    private static X509Certificate2 LoadOrMakeServer(DataFolder data, X509Certificate2 ca, DateTimeOffset now, TimeSpan renewBefore)
    {
        var kept = LoadKept(data, ServerName, ServerKeyName, now, renewBefore);
        if (kept is not null && CertificateMaker.IsIssuedBy(kept, ca) && CertificateMaker.CoversThisMachine(kept))
        {
            return kept;
        }

        kept?.Dispose();
        var made = CertificateMaker.MakeServer(ca, now);
        Keep(data, made, ServerName, ServerKeyName);
        return made;
    }

    private static X509Certificate2? LoadKept(DataFolder data, string name, string keyName, DateTimeOffset now, TimeSpan renewBefore)
    {
        if (!File.Exists(data.In(name)) || !File.Exists(data.In(keyName)))
        {
            return null;
        }

        var kept = X509Certificate2.CreateFromPemFile(data.In(name), data.In(keyName));
        if (kept.NotAfter.ToUniversalTime() - renewBefore > now.UtcDateTime && kept.NotBefore.ToUniversalTime() <= now.UtcDateTime)
        {
            return kept;
        }

        kept.Dispose();
        return null;
    }

    // The key first: a crash in between leaves a certificate that does not match, or none, never one without its key.
    private static void Keep(DataFolder data, X509Certificate2 certificate, string name, string keyName)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        File.Delete(data.In(name));
        PrivateFile.Write(data.In(keyName), System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        PrivateFile.Write(data.In(name), System.Text.Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"));
        if (!OperatingSystem.IsWindows() && name == CaFileName)
        {
            File.SetUnixFileMode(data.In(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    // A key that lives only in PEM memory cannot serve TLS on every platform; one that went through PKCS #12 can.
    private static X509Certificate2 Usable(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
}
