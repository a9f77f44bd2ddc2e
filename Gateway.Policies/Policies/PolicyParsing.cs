using System.Collections.Immutable;
using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Pipelines;

namespace Gateway.Policies.Policies;

/// <summary>What reading a document needs to know and to collect.</summary>
public sealed class PolicyParsing(PolicyScope scope, PolicyDiagnostics diagnostics)
{
    private readonly List<PolicyReference> _references = [];

    /// <summary>The scope of the document.</summary>
    public PolicyScope Scope { get; } = scope;

    /// <summary>The section that is being read.</summary>
    public PolicySection Section { get; internal set; } = PolicySection.Inbound;

    /// <summary>True for a policy fragment that is read by itself.</summary>
    public bool IsFragment { get; init; }

    /// <summary>True where header, status and body policies mean the response, false where they mean the request.</summary>
    public bool ActsOnResponse => Section is PolicySection.Outbound or PolicySection.OnError;

    /// <summary>The findings.</summary>
    public PolicyDiagnostics Diagnostics { get; } = diagnostics;

    /// <summary>The expressions of the document; null where there are none.</summary>
    public IExpressionSlots? Slots { get; init; }

    /// <summary>The resources that the document itself names, in its order; what its fragments name is theirs.</summary>
    public IReadOnlyList<PolicyReference> References => _references;

    /// <summary>The element of the policy that is being read; null before the first.</summary>
    internal PolicyElement? Element { get; set; }

    /// <summary>The name of the policy that is being read.</summary>
    internal string Policy => Element?.Name ?? "";

    /// <summary>The bodies that the expressions of this policy read; those of policies inside it count for themselves.</summary>
    internal BodyUse Bodies { get; set; }

    /// <summary>True within a policy that may run what it holds more than once.</summary>
    internal bool IsRepeated { get; set; }

    /// <summary>True within a policy that runs what it holds side by side.</summary>
    internal bool IsWaiting { get; set; }

    /// <summary>The policies seen so far that a document may hold only once.</summary>
    internal HashSet<string> Once { get; } = new(StringComparer.Ordinal);

    /// <summary>The policies that a request may come to only once, and has come to when it comes here.</summary>
    internal ImmutableHashSet<string> Passed { get; set; } = [];

    /// <summary>Notes that the document names a backend.</summary>
    public void UsesBackend(string id) => Uses("backends", id);

    /// <summary>Notes that the document names a certificate by its id.</summary>
    public void UsesCertificate(string id) => Uses("certificates", id);

    /// <summary>Notes that the document names a logger.</summary>
    public void UsesLogger(string id) => Uses("loggers", id);

    /// <summary>Notes that the document names a schema.</summary>
    public void UsesSchema(string id) => Uses("schemas", id);

    /// <summary>Notes that the document includes a policy fragment.</summary>
    public void UsesFragment(string id) => Uses("policyFragments", id);

    /// <summary>Starts to read an element.</summary>
    public ElementReader Read(PolicyElement element) => new(element, this);

    /// <summary>Reads the policies in an element that holds policies, e.g. <c>when</c>.</summary>
    /// <param name="element">The element.</param>
    /// <param name="read">Its reader; the caller ends it.</param>
    /// <param name="index">The element's place among its siblings, from 1.</param>
    public StepSequence Steps(PolicyElement element, ElementReader read, int index) =>
        new(element.Name, index, StepParser.ParseAll(read.AllChildren(), this));

    /// <summary>Reads the policies of a fragment where it is included; what is wrong with them is said of the element that includes it.</summary>
    /// <param name="read">The reader of that element; the caller ends it.</param>
    /// <param name="fragment">The fragment's id.</param>
    internal StepSequence FragmentSteps(ElementReader read, string fragment)
    {
        Diagnostics.Fragment = (Element!, fragment);
        var steps = OwnSteps(read);
        Diagnostics.Fragment = null;
        return steps;
    }

    /// <summary>Reads the policies that stand in the element of a policy itself.</summary>
    /// <param name="read">Its reader; the caller ends it.</param>
    public StepSequence OwnSteps(ElementReader read) => new(null, 0, StepParser.ParseAll(read.AllChildren(), this));

    /// <summary>
    /// Reads settings whose expressions run when the response is through. A request's body is in memory for them before the policy runs, as for all
    /// others; a response's has to be before it is sent.
    /// </summary>
    /// <param name="read">Reads them.</param>
    /// <param name="bodies">The response's body, or none.</param>
    internal T ReadForTheEnd<T>(Func<T> read, out BodyUse bodies)
    {
        var section = Section;
        Section = PolicySection.Outbound;
        var made = ReadApart(read, out var all);
        bodies = all & BodyUse.Response;
        (Section, Bodies) = (section, Bodies | (all & ~BodyUse.Response));
        return made;
    }

    /// <summary>Reads settings whose bodies the policy itself brings into memory before it asks for them.</summary>
    /// <param name="read">Reads them.</param>
    /// <param name="bodies">The bodies that they read.</param>
    internal T ReadApart<T>(Func<T> read, out BodyUse bodies)
    {
        var before = Bodies;
        Bodies = BodyUse.None;
        var made = read();
        (bodies, Bodies) = (Bodies, before);
        return made;
    }

    private void Uses(string collection, string id)
    {
        if (Diagnostics.Fragment is null && Element is { } element)
        {
            _references.Add(new($"/{collection}/{id}", element.Name, element.Line, element.Column));
        }
    }

    internal PolicySetting<T>? Bind<TResult, T>(
        PolicyElement element, PolicyAttribute attribute, SettingType<TResult> type, SettingReader<TResult, T> read) =>
        Bind(new(element.Name, attribute.Line, attribute.Column, $"The attribute '{attribute.Name}' must be {type.Wanted}."), attribute.Value, type, read);

    internal PolicySetting<T>? Bind<TResult, T>(
        PolicyElement element, PolicyText text, SettingType<TResult> type, SettingReader<TResult, T> read) =>
        Bind(new(element.Name, text.Line, text.Column, $"The text of '{element.Name}' must be {type.Wanted}."), text.Value, type, read);

    private PolicySetting<T>? Bind<TResult, T>(
        PolicyDiagnostic misfit, PolicyValue value, SettingType<TResult> type, SettingReader<TResult, T> read)
    {
        Bodies |= value.Bodies;
        if (Slots is null)
        {
            Diagnostics.Add(misfit with { Message = "The document has expressions and no program." });
            return null;
        }

        var result = Slots.ResultOf(value.Slot);
        if (result is not null && !type.Fits(result))
        {
            Diagnostics.Add(misfit with { Message = $"{misfit.Message} This expression is a {result.Name}." });
            return null;
        }

        var expression = result == typeof(TResult) ? Slots.Bind<TResult>(value.Slot) : Converted(Slots.Bind<object?>(value.Slot), type.Convert);
        return new(new BoundExpression<TResult, T>(expression, Policy, Section, read).Evaluate);
    }

    private static Func<IExpressionContext, TResult> Converted<TResult>(
        Func<IExpressionContext, object?> expression, Func<object?, TResult> convert) => context => convert(expression(context));
}
