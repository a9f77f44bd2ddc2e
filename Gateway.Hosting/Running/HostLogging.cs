using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting.Running;

/// <summary>What the hosts log by default.</summary>
public static class HostLogging
{
    /// <summary>
    /// One line per message on standard error, so that standard output stays for the access log: ours from Information, frameworks from
    /// Warning; nothing is logged per request. The section <c>Logging</c> of the configuration overrides the levels.
    /// </summary>
    public static ILoggingBuilder Add(ILoggingBuilder logging, IConfiguration? configuration)
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Gateway", LogLevel.Information);
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical); // the runner says why a host did not start; what ends a running one is critical
        logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error); // warns at each start that the server GC is off, which is on purpose
        logging.AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error); // warns of a pause before it was started
        logging.AddFilter("Orleans.Runtime.Messaging", LogLevel.Critical); // tells each attempt to reach a silo that is away
        logging.AddFilter("Orleans.Messaging", LogLevel.Critical);
        logging.AddFilter("Polly", LogLevel.Critical); // tells each attempt of Orleans' own retries
        if (configuration is not null)
        {
            logging.AddConfiguration(configuration.GetSection("Logging"));
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging;
    }
}
