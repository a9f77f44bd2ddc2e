using System.Net.Sockets;
using Gateway.Hosting.Running;
using Microsoft.AspNetCore.Connections;
using StackExchange.Redis;

namespace Gateway.Hosting.Tests.Running;

public sealed class FailuresTests
{
    public static TheoryData<Exception, int> Cases => new()
    {
        { new ExitException(ExitCodes.DataFolder, "x"), ExitCodes.DataFolder },
        { new IOException("Failed to bind to address http://127.0.0.1:1: address already in use.", new AddressInUseException("in use")), ExitCodes.PortInUse },
        { new InvalidOperationException("silo", new SocketException((int)SocketError.AddressAlreadyInUse)), ExitCodes.PortInUse },
        { new AggregateException(new InvalidOperationException("a"), new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "r", null, CommandStatus.Unknown)), ExitCodes.StoreUnreachable },
        { new RedisTimeoutException(CommandFlags.None, "t", CommandStatus.Unknown), ExitCodes.StoreUnreachable },
        { new InvalidOperationException("a bug"), ExitCodes.Refused },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ToExit_AnyFailure_HasItsCode(Exception failure, int code) => Assert.Equal(code, Failures.ToExit(failure).Code);

    [Fact]
    public void ToExit_Sentence_IsOneLineAndHasNoConnectionDetails()
    {
        var exit = Failures.ToExit(new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "lots\nof password=hunter2 details", null, CommandStatus.Unknown));

        Assert.DoesNotContain("hunter2", exit.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exit.Message);
        Assert.DoesNotContain('\n', Failures.ToExit(new InvalidOperationException("two\nlines")).Message);
    }
}
