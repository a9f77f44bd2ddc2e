namespace Gateway.Policies.Execution;

/// <summary>There is no token for the gateway itself. The message holds no secret.</summary>
public sealed class TokenException(string message, Exception? inner = null) : Exception(message, inner);
