namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>A body takes more work to judge than a body of its length may.</summary>
internal sealed class CostlyBodyException(string message, Exception? inner = null) : Exception(message, inner);
