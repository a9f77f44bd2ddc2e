using Gateway.Policies.Documents;
using Gateway.PolicyCompiler.Programs;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>
/// The policy fragments that a document includes: read once each, and put where they are included, so that what runs knows of none. A fragment
/// includes no other, so one round suffices.
/// </summary>
internal sealed class IncludedFragments
{
    private const string Include = "include-fragment";

    private readonly SortedDictionary<string, DocumentReading> _readings = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyElement> _includes = new(StringComparer.Ordinal);

    /// <summary>Reads the fragments.</summary>
    public IncludedFragments(PolicySource source, PolicyElement? root, PolicyDiagnostics diagnostics)
    {
        if (root is null || source.IsFragment)
        {
            return;
        }

        foreach (var element in All(root).Where(element => element.Name == Include))
        {
            if (element.Children.Count > 0)
            {
                diagnostics.Error(element, $"The element '{Include}' may hold no elements: the fragment has them.");
            }

            if (element.Attribute("fragment-id")?.Value.Literal?.Trim() is { Length: > 0 } id)
            {
                Read(id, element, source, diagnostics);
            }
        }
    }

    /// <summary>The ids, also of those that do not exist.</summary>
    public IReadOnlyList<string> Ids => [.. _ids];

    /// <summary>The named values that the fragments use; ordered.</summary>
    public IReadOnlyList<string> NamedValues => [.. _readings.Values.SelectMany(reading => reading.NamedValues).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The expressions of all.</summary>
    public IEnumerable<ExpressionText> Expressions => _readings.Values.SelectMany(reading => reading.Expressions);

    /// <summary>True for the place of an element that includes a fragment with named values of which nothing is known.</summary>
    public bool IsUnjudged(int line, int column) =>
        _readings.Any(reading => reading.Value.Unjudged.Count > 0 && _includes[reading.Key] is var include && include.Line == line && include.Column == column);

    /// <summary>Says what is wrong with their expressions, where they are first included.</summary>
    public void Report(PolicyDiagnostics diagnostics, ExpressionFindings findings)
    {
        foreach (var (id, reading) in _readings)
        {
            diagnostics.Fragment = (_includes[id], id);
            ExpressionReport.Add(diagnostics, reading, findings);
            diagnostics.Fragment = null;
        }
    }

    /// <summary>The document with the policies of the fragments in it, within the bounds of a tree.</summary>
    public PolicyElement PutInto(PolicyElement root, ProgramSource program, PolicyDiagnostics diagnostics)
    {
        if (_readings.Count == 0)
        {
            return root;
        }

        var contents = _readings.ToDictionary(
            reading => reading.Key,
            reading => PolicyDraft.Number(reading.Value.Root!, reading.Value, program).Children,
            StringComparer.Ordinal);
        var sizes = contents.ToDictionary(content => content.Key, content => (Count: content.Value.Sum(child => All(child).Count()), Depth: Deepest(content.Value)), StringComparer.Ordinal);
        var left = PolicyTree.MaximumElements - All(root).Count();
        return PutInto(root, 1, contents, sizes, ref left, diagnostics);
    }

    private static PolicyElement PutInto(
        PolicyElement element, int depth, Dictionary<string, IReadOnlyList<PolicyElement>> contents, Dictionary<string, (int Count, int Depth)> sizes, ref int left, PolicyDiagnostics diagnostics)
    {
        if (element.Name == Include && element.Attribute("fragment-id")?.Value.Literal?.Trim() is { } id && contents.TryGetValue(id, out var content))
        {
            left -= sizes[id].Count;
            if (left >= 0 && depth + sizes[id].Depth <= PolicyTree.MaximumDepth)
            {
                return element with { Children = content };
            }

            diagnostics.Error(element, left < 0
                ? $"With its fragments a policy document may have {PolicyTree.MaximumElements} elements at most."
                : $"With its fragments the elements of a policy document may be nested {PolicyTree.MaximumDepth} deep at most.");
            return element;
        }

        PolicyElement[]? changed = null;
        for (var i = 0; i < element.Children.Count; i++)
        {
            var child = PutInto(element.Children[i], depth + 1, contents, sizes, ref left, diagnostics);
            if (!ReferenceEquals(child, element.Children[i]))
            {
                (changed ??= [.. element.Children])[i] = child;
            }
        }

        return changed is null ? element : element with { Children = changed };
    }

    private void Read(string id, PolicyElement include, PolicySource source, PolicyDiagnostics diagnostics)
    {
        if (!_ids.Add(id))
        {
            return;
        }

        if (_ids.Count > PolicySource.MaximumFragments)
        {
            diagnostics.Error(include, $"A policy document may include {PolicySource.MaximumFragments} different fragments at most.");
            return;
        }

        _includes[id] = include;
        if (source.Fragments(id) is not { } fragment)
        {
            var at = include.Attribute("fragment-id")!;
            diagnostics.Add(new(include.Name, at.Line, at.Column, $"There is no policy fragment '{id}'.", source.IsTentative ? PolicySeverity.Warning : PolicySeverity.Error)
            {
                Kind = PolicyFinding.MissingReference,
            });
            return;
        }

        diagnostics.Fragment = (include, id);
        var reading = PolicyXmlReader.Read(source with { Text = fragment.Text, IsRaw = fragment.IsRaw }, diagnostics);
        if (reading.Root is { Name: not "fragment" } root)
        {
            diagnostics.Error(root, "The outermost element of a policy fragment must be 'fragment'.");
        }
        else if (reading.Root is not null)
        {
            _readings[id] = reading;
        }

        diagnostics.Fragment = null;
    }

    private static IEnumerable<PolicyElement> All(PolicyElement element) => element.Children.SelectMany(All).Prepend(element);

    private static int Deepest(IReadOnlyList<PolicyElement> elements) => elements.Count == 0 ? 0 : elements.Max(Depth);

    private static int Depth(PolicyElement element) => 1 + Deepest(element.Children);
}
