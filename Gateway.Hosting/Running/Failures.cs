using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using StackExchange.Redis;

namespace Gateway.Hosting.Running;

/// <summary>From an exception that ended a host to an exit code and one sentence.</summary>
public static class Failures
{
    /// <summary>The first cause that has a meaning decides; what has none is exit code 1 with the message of the exception.</summary>
    public static ExitException ToExit(Exception failure)
    {
        foreach (var cause in Causes(failure))
        {
            switch (cause)
            {
                case ExitException exit:
                    return exit;
                case AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return new ExitException(ExitCodes.PortInUse, $"A port is in use: {OneLine(failure.Message)}", failure);
                case RedisConnectionException or RedisTimeoutException:
                    return new ExitException(
                        ExitCodes.StoreUnreachable, "The state store (Gateway:Redis:ConnectionString) cannot be reached any more.", failure);
            }
        }

        return new ExitException(ExitCodes.Refused, $"The process failed: {failure.GetType().Name}: {OneLine(failure.Message)}", failure);
    }

    private static IEnumerable<Exception> Causes(Exception failure)
    {
        yield return failure;
        var inner = failure is AggregateException many ? many.InnerExceptions : failure.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var cause in inner.SelectMany(Causes))
        {
            yield return cause;
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
