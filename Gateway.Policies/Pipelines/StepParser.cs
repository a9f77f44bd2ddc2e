using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies;

namespace Gateway.Policies.Pipelines;

/// <summary>Makes steps of elements: of those in a section and of those inside other policies.</summary>
internal static class StepParser
{
    /// <summary>The steps of elements inside another policy.</summary>
    public static PolicyStep[] ParseAll(IEnumerable<PolicyElement> elements, PolicyParsing parsing) =>
        [.. elements.Select(element => Parse(element, parsing)).OfType<PolicyStep>()];

    /// <summary>The step of one element; null after an error.</summary>
    public static PolicyStep? Parse(PolicyElement element, PolicyParsing parsing)
    {
        if (!PolicyCatalog.Entries.TryGetValue(element.Name, out var entry))
        {
            if (element.Name == "base")
            {
                parsing.Diagnostics.Error(element, "The element 'base' may stand in a section only, not in another policy.");
            }
            else
            {
                parsing.Diagnostics.Error(
                    element, $"The policy '{element.Name}' is not known to this version.{NearestName.Ask(element.Name, PolicyCatalog.Entries.Keys)}", PolicyFinding.UnknownPolicy);
            }

            return null;
        }

        CheckPlace(element, entry.Descriptor, parsing);
        var (outer, bodies) = (parsing.Element, parsing.Bodies);
        (parsing.Element, parsing.Bodies) = (element, BodyUse.None);
        var policy = entry.Parse(element, parsing);
        var own = parsing.Bodies;
        (parsing.Element, parsing.Bodies) = (outer, bodies);
        return policy is null ? null : new(element.Name, policy, parsing.Scope, element.Attribute("id")?.Value.Literal) { Bodies = own, Forwards = Forwards(element), StoresResponse = StoresResponse(element) };
    }

    /// <summary>True for an element that forwards the request whatever the request is: <c>choose</c> may not.</summary>
    internal static bool Forwards(PolicyElement element) => element.Name switch
    {
        "forward-request" => true,
        "retry" or "limit-concurrency" or "include-fragment" => element.Children.Any(Forwards),
        _ => false,
    };

    private static bool StoresResponse(PolicyElement element) => element.Name == "cache-store" || element.Children.Any(StoresResponse);

    private static void CheckPlace(PolicyElement element, PolicyDescriptor descriptor, PolicyParsing parsing)
    {
        var diagnostics = parsing.Diagnostics;
        if (!descriptor.Sections.HasFlag(parsing.Section))
        {
            diagnostics.Error(element, $"The policy '{element.Name}' may not stand in {parsing.Section.Name()}, only in {descriptor.Sections.List()}.");
        }

        if (!descriptor.Scopes.HasFlag(parsing.Scope))
        {
            diagnostics.Error(element, $"The policy '{element.Name}' may not be used at scope {parsing.Scope.Name()}, only at {descriptor.Scopes.List()}.");
        }

        if (descriptor.OncePerDocument && !parsing.Once.Add(element.Name))
        {
            diagnostics.Error(element, $"The policy '{element.Name}' may stand only once in a document.");
        }

        if (descriptor.OncePerBranch)
        {
            if (parsing.Passed.Contains(element.Name))
            {
                diagnostics.Error(element, $"The policy '{element.Name}' may stand only once in a document, or once in each branch of a 'choose'.");
            }

            parsing.Passed = parsing.Passed.Add(element.Name);
        }
    }
}
