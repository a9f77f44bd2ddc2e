using System.Text.Json.Nodes;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>A POST below a resource, as a pure function of it.</summary>
/// <param name="Name">The last path segment, e.g. <c>listSecrets</c>.</param>
/// <param name="Summary">One sentence for the reference pages.</param>
/// <param name="Run">From the resource with its secrets to the answer and, if it changes the resource, the patch.</param>
public sealed record ResourceAction(string Name, string Summary, Func<ResourceDraft, ActionOutcome> Run);

/// <summary>What an action does.</summary>
/// <param name="Answer">The body of the 200 answer; null answers 204.</param>
/// <param name="Patch">Properties to merge into the resource; null changes nothing.</param>
public sealed record ActionOutcome(JsonObject? Answer, JsonObject? Patch = null);
