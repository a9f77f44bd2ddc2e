using Gateway.Policies.Documents;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies;

namespace Gateway.Policies.Pipelines;

/// <summary>
/// A policy document with its policies made. A section that the document does not have stands for one that holds only
/// <c>base</c>: about one real document in seventy leaves sections out, and none of them means to stop its requests from being
/// forwarded. At global scope, where nothing is inherited, <c>base</c> means nothing, and a missing section is that of
/// <see cref="Default"/>.
/// </summary>
public sealed class PolicyDocument
{
    private readonly SectionSteps?[] _sections;

    private PolicyDocument(PolicyScope scope, SectionSteps?[] sections)
    {
        Scope = scope;
        _sections = sections;
    }

    /// <summary>The global document in force when none is stored: forwards, and does nothing else.</summary>
    public static PolicyDocument Default { get; } = Parse(
        new PolicyTree
        {
            Root = new() { Name = "policies", Children = [new() { Name = "backend", Children = [new() { Name = "forward-request" }] }] },
        },
        PolicyScope.Global);

    /// <summary>The scope it is stored at.</summary>
    public PolicyScope Scope { get; }

    /// <summary>The steps of one section.</summary>
    public SectionSteps this[PolicySection section] => _sections[Index(section)] ?? SectionSteps.Inherit;

    /// <summary>True when the section is written in the document.</summary>
    public bool Has(PolicySection section) => _sections[Index(section)] is not null;

    /// <summary>Builds the policies of a tree that the compiler has checked.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="scope">Where the document is stored.</param>
    /// <param name="slots">The expressions of the tree's program; null when it names none.</param>
    /// <exception cref="FormatException">The tree does not suit this version; the message says where.</exception>
    public static PolicyDocument Parse(PolicyTree tree, PolicyScope scope, IExpressionSlots? slots = null)
    {
        var diagnostics = new PolicyDiagnostics();
        var document = Parse(tree, new PolicyParsing(scope, diagnostics) { Slots = slots });
        var error = diagnostics.All.FirstOrDefault(d => d.Severity == PolicySeverity.Error);
        return error is null
            ? document
            : throw new FormatException(
                $"The policy document of scope {scope.Name()} is not understood: element '{error.Element}' on line {error.Line}, column {error.Column}: {error.Message}");
    }

    /// <summary>Builds the policies of a tree and collects what is wrong with it.</summary>
    /// <returns>Of no use when the findings hold errors.</returns>
    public static PolicyDocument Parse(PolicyTree tree, PolicyParsing parsing) => Parse(tree, parsing, StepParser.Parse);

    /// <summary>The same with another maker of steps.</summary>
    internal static PolicyDocument Parse(PolicyTree tree, PolicyParsing parsing, Func<PolicyElement, PolicyParsing, PolicyStep?> make)
    {
        var sections = new SectionSteps?[PolicyNames.Single.Length];
        var root = tree.Root;
        if (root.Name != "policies")
        {
            parsing.Diagnostics.Error(root, "The outermost element of a policy document must be 'policies'.");
            return new(parsing.Scope, sections);
        }

        var read = parsing.Read(root);
        foreach (var section in PolicyNames.Single)
        {
            if (read.Child(section.Name()) is { } child)
            {
                parsing.Section = section;
                sections[Index(section)] = ParseSection(child, parsing, make);
            }
        }

        read.End();
        return new(parsing.Scope, sections);
    }

    /// <summary>Collects what is wrong with a policy fragment in one section; its policies are made where documents include it.</summary>
    public static void CheckFragment(PolicyTree tree, PolicyParsing parsing, PolicySection section)
    {
        if (tree.Root.Name != "fragment")
        {
            parsing.Diagnostics.Error(tree.Root, "The outermost element of a policy fragment must be 'fragment'.");
            return;
        }

        parsing.Section = section;
        var read = parsing.Read(tree.Root);
        StepParser.ParseAll(read.AllChildren(), parsing);
        read.End();
    }

    private static SectionSteps ParseSection(PolicyElement element, PolicyParsing parsing, Func<PolicyElement, PolicyParsing, PolicyStep?> make)
    {
        var before = new List<PolicyStep>();
        List<PolicyStep>? after = null;
        var read = parsing.Read(element);
        var inherited = read.Child("base");
        foreach (var child in read.AllChildren())
        {
            if (child.Name != "base")
            {
                if (make(child, parsing) is { } step)
                {
                    (after ?? before).Add(step);
                }
            }
            else if (ReferenceEquals(child, inherited))
            {
                after = [];
                parsing.Read(child).End();
            }
        }

        read.End();
        return new() { Before = [.. before], HasBase = after is not null, After = after is null ? [] : [.. after] };
    }

    private static int Index(PolicySection section) => Array.IndexOf(PolicyNames.Single, section);
}
