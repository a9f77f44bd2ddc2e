namespace Gateway.Edge.Backends;

/// <summary>A backend's address is one that this gateway itself listens on.</summary>
internal sealed class GatewayLoopException(string message) : IOException(message);
