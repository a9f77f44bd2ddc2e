namespace Gateway.Policies.Policies;

/// <summary>A resource that a policy document names.</summary>
/// <param name="Path">Its path below the service, e.g. <c>/backends/orders</c>.</param>
/// <param name="Element">The policy that names it.</param>
/// <param name="Line">The policy's line; 1 and up.</param>
/// <param name="Column">The policy's column; 1 and up.</param>
public sealed record PolicyReference(string Path, string Element, int Line, int Column);
