namespace Gateway.Grains.Federation;

/// <summary>The hub gave no good answer. The message is a sentence for operators, without secrets.</summary>
internal sealed class HubException(string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the hub asks to be left alone; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
