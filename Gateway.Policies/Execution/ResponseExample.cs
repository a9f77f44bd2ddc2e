namespace Gateway.Policies.Execution;

/// <summary>An example of an operation's response.</summary>
/// <param name="Status">Its status.</param>
/// <param name="ContentType">The type of its body; null without one.</param>
/// <param name="Body">Its body; empty without one.</param>
public sealed record ResponseExample(int Status, string? ContentType, ReadOnlyMemory<byte> Body);
