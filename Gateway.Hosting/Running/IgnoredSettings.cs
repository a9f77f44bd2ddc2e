using Gateway.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Gateway.Hosting.Running;

/// <summary>Says once at the start which given settings do nothing.</summary>
internal static partial class IgnoredSettings
{
    public static void Log(GatewaySettings settings, IConfiguration configuration, string? sliceRefused = null)
    {
        using var logging = LoggerFactory.Create(builder => HostLogging.Add(builder, configuration));
        var logger = logging.CreateLogger(typeof(IgnoredSettings).FullName!);
        if (settings.IgnoredAliases.Length > 0)
        {
            Messages.Aliases(logger, string.Join(", ", settings.IgnoredAliases));
        }

        if (settings.Upstream.Endpoint is not null)
        {
            Messages.Upstream(logger);
        }

        if (sliceRefused is not null)
        {
            Messages.TimeSlice(logger, sliceRefused);
        }
    }

    private static partial class Messages
    {
        [LoggerMessage(1, LogLevel.Information, "These settings of the reference product mean nothing here and are ignored: {Names}.")]
        public static partial void Aliases(ILogger logger, string names);

        [LoggerMessage(2, LogLevel.Warning, "Gateway:Upstream:Endpoint is set, but this version does not follow a hub; the site is its own.")]
        public static partial void Upstream(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "Gateway:Edge:TimeSlice has no effect, the system does not take it ({Reason}). Where other programs use the same processors, requests wait longer for them.")]
        public static partial void TimeSlice(ILogger logger, string reason);
    }
}
