using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>A POST below a resource, as a pure function of it.</summary>
/// <param name="Name">The last path segment, e.g. <c>listSecrets</c>.</param>
/// <param name="Summary">One sentence for the reference pages.</param>
/// <param name="Run">From the resource with its secrets, and the request's body, to the answer and, if it changes the resource, the patch.</param>
public sealed record ResourceAction(string Name, string Summary, Func<ResourceDraft, JsonObject, Result<ActionOutcome>> Run)
{
    /// <summary>An action that needs nothing but the resource.</summary>
    public ResourceAction(string name, string summary, Func<ResourceDraft, ActionOutcome> run)
        : this(name, summary, (draft, _) => run(draft))
    {
    }

    /// <summary>The shape of the request's body; null: what is sent is not read.</summary>
    public ObjectSchema? Body { get; init; }
}

/// <summary>What an action does.</summary>
/// <param name="Answer">The body of the 200 answer; null answers 204.</param>
/// <param name="Patch">Properties to merge into the resource; null changes nothing.</param>
public sealed record ActionOutcome(JsonObject? Answer, JsonObject? Patch = null);
