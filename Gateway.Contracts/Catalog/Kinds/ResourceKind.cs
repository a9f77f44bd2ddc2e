using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog.Schema;

namespace Gateway.Contracts.Catalog.Kinds;

/// <summary>
/// Everything that is particular to one kind of resource, as data and pure functions: its place in the tree, the shape of
/// its properties, what it refers to, what must be unique, its actions. Management derives the REST surface from it, the
/// catalog its checks. A new kind is one folder with a subclass, and one line in <see cref="ResourceKinds"/>.
/// </summary>
public abstract class ResourceKind(string template)
{
    /// <summary>The path template below the service, e.g. <c>/apis/{apiId}/operations/{operationId}</c>.</summary>
    public ResourceTemplate Template { get; } = new(template);

    /// <summary>The ARM type below <c>Microsoft.ApiManagement/service/</c>, e.g. <c>apis/operations</c>.</summary>
    public string Name => Template.Name;

    /// <summary>One sentence for the reference pages.</summary>
    public abstract string Summary { get; }

    /// <summary>The rule that the last id of the path obeys.</summary>
    public virtual IdRule Id => IdRule.Length80;

    /// <summary>The shape of <c>properties</c>.</summary>
    public abstract ObjectSchema Properties { get; }

    /// <summary>The verbs that callers of the management API may use.</summary>
    public virtual ResourceVerbs Verbs => ResourceVerbs.All;

    /// <summary>Paths of resources of this kind that exist without being stored: they have children, but are not read, written or listed.</summary>
    public virtual IReadOnlyList<string> BuiltIn => [];

    /// <summary>
    /// For a kind that cannot be read itself because it only ties two resources together (<c>/products/p/apis/a</c>): the
    /// path of the resource whose properties answers show in its place (<c>/apis/a</c>). Null for every other kind.
    /// </summary>
    public virtual string? LinksTo(string id)
    {
        if (Verbs.HasFlag(ResourceVerbs.Get))
        {
            return null;
        }

        var segments = id.Split('/');
        return $"/{segments[^2]}/{segments[^1]}";
    }

    /// <summary>The POST actions below a resource.</summary>
    public virtual IReadOnlyList<ResourceAction> Actions => [];

    /// <summary>True when this property's value must never leave the catalog in an answer (it is stored encrypted).</summary>
    public virtual bool IsSecret(string property, JsonObject properties) => Properties[property]?.IsSecret ?? false;

    /// <summary>Fills in what the caller may leave out and the catalog decides (keys, dates), before it is stored.</summary>
    /// <param name="draft">The new content, secrets included; changed in place.</param>
    public virtual void Complete(ResourceDraft draft)
    {
    }

    /// <summary>What this resource refers to. Checked on commit; deletes respect it.</summary>
    public virtual IEnumerable<ResourceReference> References(ResourceDraft draft) => [];

    /// <summary>
    /// Names that only one resource may hold, e.g. <c>api-path:orders</c>, each with the property to blame. Secret values
    /// are hashed first. They also serve as targets of references.
    /// </summary>
    public virtual IEnumerable<UniqueName> UniqueNames(ResourceDraft draft) => [];

    /// <summary>Paths of resources that come into being together with a new one, with empty properties; deleted like any other.</summary>
    public virtual IEnumerable<string> Companions(ResourceDraft draft) => [];

    /// <summary>Rules that the schema cannot say and that need no other resource.</summary>
    public virtual void Check(ResourceDraft draft, ErrorList errors)
    {
    }
}

/// <summary>New content on its way into the catalog.</summary>
/// <param name="Id">The resource's path below the service.</param>
/// <param name="Properties">The properties, secrets included.</param>
/// <param name="IsNew">True when nothing is stored at this path yet.</param>
/// <param name="Now">The time of the commit.</param>
public sealed record ResourceDraft(string Id, JsonObject Properties, bool IsNew, DateTimeOffset Now)
{
    /// <summary>The last segment of the path.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>The text of a property; null when it is absent or not a string.</summary>
    public string? Text(string property) =>
        Properties[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The flag of a property; false when it is absent.</summary>
    public bool Flag(string property) =>
        Properties[property] is JsonValue value && value.TryGetValue<bool>(out var flag) && flag;
}

/// <summary>A name held by at most one resource.</summary>
public sealed record UniqueName(string Name, string Property, string Message);

/// <summary>A reference to another resource, by its path or by a unique name of it.</summary>
/// <param name="Target">Path (<c>/apis/orders</c>) or unique name (<c>named-value:key</c>).</param>
/// <param name="Property">The property that holds the reference.</param>
/// <param name="Message">What to say when the target does not exist.</param>
/// <param name="Goes">True: this resource goes when its target is deleted. False: the delete is refused, unless it cascades.</param>
public sealed record ResourceReference(string Target, string Property, string Message, bool Goes = false);

/// <summary>The verbs of a resource and its collection.</summary>
[Flags]
public enum ResourceVerbs
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>GET of one.</summary>
    Get = 1,

    /// <summary>HEAD of one.</summary>
    Head = 2,

    /// <summary>PUT.</summary>
    Put = 4,

    /// <summary>PATCH.</summary>
    Patch = 8,

    /// <summary>DELETE.</summary>
    Delete = 16,

    /// <summary>GET of the collection.</summary>
    List = 32,

    /// <summary>Every verb.</summary>
    All = Get | Head | Put | Patch | Delete | List,
}
