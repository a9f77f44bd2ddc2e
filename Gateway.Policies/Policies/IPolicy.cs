using Gateway.Policies.Documents;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies;

/// <summary>A policy with its settings: one object per element of a document, shared by all requests, so immutable.</summary>
public interface IPolicy
{
    /// <summary>Does its work on one request. Completes synchronously unless it must wait for something.</summary>
    /// <exception cref="PolicyException">The request is refused or fails: on-error runs.</exception>
    ValueTask ExecuteAsync(PolicyContext context);
}

/// <summary>What a policy's class offers to <see cref="PolicyCatalog"/>.</summary>
public interface IPolicy<TSelf> : IPolicy
    where TSelf : class, IPolicy<TSelf>
{
    /// <summary>The element's name, and where it may stand.</summary>
    static abstract PolicyDescriptor Descriptor { get; }

    /// <summary>
    /// Reads an element. The compiler runs it for the findings, edges run it on the checked tree for the object.
    /// </summary>
    /// <returns>Null, or a policy that is never run, when <paramref name="parsing"/> got an error.</returns>
    static abstract TSelf? Parse(PolicyElement element, PolicyParsing parsing);
}

/// <summary>What is known of a policy without one.</summary>
public sealed record PolicyDescriptor
{
    /// <summary>The element's name.</summary>
    public required string Name { get; init; }

    /// <summary>The sections it may stand in.</summary>
    public PolicySection Sections { get; init; } = PolicySection.All;

    /// <summary>The scopes whose documents may hold it.</summary>
    public PolicyScope Scopes { get; init; } = PolicyScope.All;

    /// <summary>True when a document may hold it only once.</summary>
    public bool OncePerDocument { get; init; }

    /// <summary>True when a request may come to it only once in a document: of the branches of a <c>choose</c> each may hold one.</summary>
    public bool OncePerBranch { get; init; }
}
