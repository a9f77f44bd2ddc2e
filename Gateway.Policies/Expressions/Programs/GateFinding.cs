namespace Gateway.Policies.Expressions.Programs;

/// <summary>Why an image may not be loaded.</summary>
/// <param name="Slot">The expression whose code it is; null when it is nobody's.</param>
/// <param name="Message">A sentence.</param>
internal sealed record GateFinding(int? Slot, string Message);
