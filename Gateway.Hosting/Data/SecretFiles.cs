using System.Security.Cryptography;
using Gateway.Contracts.Results;
using Gateway.Contracts.Secrets;
using Gateway.Hosting.Running;
using Gateway.Hosting.Settings;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Data;

/// <summary>The keys and tokens of a process: from the files that the settings name, else from the data folder.</summary>
public static partial class SecretFiles
{
    private const string SiteKeyName = "site.key";
    private const string AdminTokenName = "admin-token";

    /// <summary>The site key of a silo; made in the data folder when no file is named and none is there.</summary>
    /// <exception cref="ExitException">Exit code 2 for a named file, 4 for the one in the data folder.</exception>
    public static SiteKey SiteKey(GatewaySettings settings, DataFolder data, ILogger logger)
    {
        var text = KeyText(settings, data, () => Contracts.Secrets.SiteKey.Generate().Export(), logger);
        return Checked(Contracts.Secrets.SiteKey.Parse(text), settings, data);
    }

    /// <summary>The publication key of an edge: the edge form, or derived from the site key, which is worth a warning.</summary>
    /// <param name="settings">Names the file.</param>
    /// <param name="data">Where to look else.</param>
    /// <param name="besideSilo">The edge shares its process with a silo, which needs the site key anyway.</param>
    /// <param name="logger">Gets the warnings.</param>
    /// <exception cref="ExitException">Exit code 2 for a named file or none, 4 for the one in the data folder.</exception>
    public static PublicationKey PublicationKey(GatewaySettings settings, DataFolder data, bool besideSilo, ILogger logger)
    {
        var text = KeyText(settings, data, null, logger);
        var key = Checked(Contracts.Secrets.PublicationKey.Parse(text, out var isSiteKey), settings, data);
        if (isSiteKey && !besideSilo)
        {
            Log.SiteKeyOnEdge(logger);
        }

        return key;
    }

    /// <summary>The token of the management API; made in the data folder when the settings name none.</summary>
    /// <exception cref="ExitException">Exit code 2 for a named file, 4 for the one in the data folder.</exception>
    public static string AdminToken(GatewaySettings settings, DataFolder data, ILogger logger)
    {
        if (settings.Management.AdminToken is { } token)
        {
            return token;
        }

        return settings.Management.AdminTokenFile is { } file
            ? ReadNamed(file, "Gateway:Management:AdminTokenFile", logger)
            : data.ReadOrMake(AdminTokenName, () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    private static string KeyText(GatewaySettings settings, DataFolder data, Func<string>? make, ILogger logger)
    {
        if (settings.Secrets.KeyFile is { } file)
        {
            return ReadNamed(file, "Gateway:Secrets:KeyFile", logger);
        }

        if (make is null && !File.Exists(data.In(SiteKeyName)))
        {
            throw new ExitException(
                ExitCodes.Setting,
                "Gateway:Secrets:KeyFile must name the key of this edge, which 'gateway key export --for edge' makes from the site key.");
        }

        var text = data.ReadOrMake(SiteKeyName, make ?? (() => throw new InvalidOperationException("An edge makes no site key.")));
        WarnWhenOpen(data.In(SiteKeyName), logger);
        return text;
    }

    private static string ReadNamed(string path, string setting, ILogger logger)
    {
        try
        {
            var text = File.ReadAllText(path).Trim();
            if (text.Length == 0)
            {
                throw new ExitException(ExitCodes.Setting, $"{setting} names an empty file, {path}.");
            }

            WarnWhenOpen(path, logger);
            return text;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, $"{setting} names a file that cannot be read: {refused.Message}", refused);
        }
    }

    private static void WarnWhenOpen(string path, ILogger logger)
    {
        if (PrivateFile.IsOpenToOthers(path))
        {
            Log.OpenToOthers(logger, path);
        }
    }

    private static T Checked<T>(Result<T> parsed, GatewaySettings settings, DataFolder data) =>
        parsed.IsSuccess ? parsed.Value
        : settings.Secrets.KeyFile is { } file
            ? throw new ExitException(ExitCodes.Setting, $"Gateway:Secrets:KeyFile names {file}: {parsed.Errors[0].Message}")
            : throw data.Damaged(SiteKeyName, parsed.Errors[0].Message.TrimEnd('.'));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Path} can be read by others than its owner; mode 0600 is safer.")]
        public static partial void OpenToOthers(ILogger logger, string path);

        [LoggerMessage(2, LogLevel.Warning, "This edge was given the site key, which opens the whole catalog; 'gateway key export --for edge' makes one that cannot.")]
        public static partial void SiteKeyOnEdge(ILogger logger);
    }
}
