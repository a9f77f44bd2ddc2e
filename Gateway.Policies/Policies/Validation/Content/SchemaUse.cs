namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>A way in which a policy uses a schema.</summary>
/// <param name="Form">What bodies are judged as.</param>
/// <param name="Reference">The part of a document of JSON, such as <c>#/components/schemas/address</c>; null for all of it.</param>
/// <param name="AllowsMore">Whether objects may have properties that the schema does not define; null as the schema says.</param>
/// <param name="IgnoresCase">True: names of properties are compared without regard to case.</param>
internal readonly record struct SchemaUse(ContentForm Form, string? Reference, bool? AllowsMore, bool IgnoresCase);
