using Gateway.Hosting.Settings;
using Gateway.Hosting.Settings.Binding;
using Microsoft.Extensions.Configuration;

namespace Gateway.Hosting.Running;

/// <summary>Where settings come from; a later source wins.</summary>
public static class HostConfiguration
{
    private static readonly string[] Sections = [SettingsCatalog.Root + ":", "Logging:"];

    /// <summary>appsettings.json beside the program, then of the working directory, environment, command line (<c>--Gateway:X=Y</c>).</summary>
    /// <exception cref="ExitException">An option that is not one, or a file that cannot be read.</exception>
    public static IConfiguration Build(string[] args)
    {
        CheckOptions(args);
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
                .AddJsonFile(Path.Combine(Environment.CurrentDirectory, "appsettings.json"), optional: true, reloadOnChange: false)
                .AddEnvironmentVariables()
                .AddCommandLine(args)
                .Build();
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ExitException(ExitCodes.Setting, $"The settings cannot be read: {unreadable.Message} {unreadable.InnerException?.Message}".TrimEnd(), unreadable);
        }
    }

    /// <summary>The checked settings.</summary>
    /// <exception cref="ExitException">One line per wrong setting.</exception>
    public static GatewaySettings Load(IConfiguration configuration)
    {
        var loaded = GatewaySettings.Load(configuration);
        return loaded.IsSuccess
            ? loaded.Value
            : throw new ExitException(ExitCodes.Setting, string.Join(Environment.NewLine, loaded.Errors.Select(error => error.Message)));
    }

    private static void CheckOptions(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? args[i] : args[i][..equals];
            if (!name.StartsWith("--", StringComparison.Ordinal) || !IsOption(name[2..]))
            {
                throw new ExitException(ExitCodes.Setting, $"{SettingValues.Shown(name)} is not an option, settings are given as --Gateway:Edge:HttpPort=8080.");
            }

            if (equals < 0 && ++i >= args.Length)
            {
                throw new ExitException(ExitCodes.Setting, $"{name} must be followed by a value.");
            }
        }
    }

    private static bool IsOption(string name) =>
        Sections.Any(section => name.StartsWith(section, StringComparison.OrdinalIgnoreCase)) || Aliases.IsKnown(name);
}
