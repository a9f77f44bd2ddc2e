using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Observing;

/// <summary>
/// Writes a message to a logger. The request does not wait for it: messages that a logger does not take in time are dropped, which is counted and logged. A
/// message is cut at 200 KB.
/// </summary>
public sealed class LogToEventHubPolicy : IPolicy<LogToEventHubPolicy>
{
    /// <summary>The longest message, in bytes.</summary>
    public const int MaximumBytes = 200 * 1024;

    private const string Name = "log-to-eventhub";

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = Name };

    /// <summary><c>logger-id</c>: the id of a logger resource; required.</summary>
    public required string LoggerId { get; init; }

    /// <summary><c>partition-id</c> or <c>partition-key</c>, not both: goes with the message, so that the receiver can keep messages together. The key may be an expression.</summary>
    public PolicySetting<string>? Partition { get; init; }

    /// <summary>The text between the tags: the message. May be an expression.</summary>
    public required PolicySetting<ReadOnlyMemory<byte>> Message { get; init; }

    /// <inheritdoc/>
    public static LogToEventHubPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var logger = read.Required("logger-id");
        if (logger is not null)
        {
            parsing.UsesLogger(logger);
        }

        var id = read.Optional("partition-id");
        var key = read.TextSetting("partition-key");
        if (read.Has("partition-id") && read.Has("partition-key"))
        {
            read.Error("partition-key", "The attributes 'partition-id' and 'partition-key' exclude each other.");
        }

        var message = read.BodyContent();
        read.End();
        return logger is not null && message is { } text
            ? new() { LoggerId = logger, Partition = id is null ? key : new PolicySetting<string>(id), Message = text }
            : null;
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var message = Message.For(context);
        var logger = context.FindLogger(LoggerId) ?? throw new PolicyException(
            new LastError { Source = Name, Reason = "LoggerNotFound", Message = "The logger that the policy names is not there." },
            StatusCodes.Status500InternalServerError,
            "Internal server error");
        context.Log(logger, Cut(message), Partition?.For(context));
        return ValueTask.CompletedTask;
    }

    /// <summary>Never within a character.</summary>
    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> message)
    {
        if (message.Length <= MaximumBytes)
        {
            return message;
        }

        var end = MaximumBytes;
        while (end > 0 && (message.Span[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return message[..end];
    }
}
