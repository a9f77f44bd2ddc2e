using System.Globalization;
using Gateway.Policies.Documents;

namespace Gateway.PolicyCompiler;

/// <summary>Tells which elements stand around a place of a document.</summary>
internal sealed class ElementPaths
{
    private readonly List<(int Line, int Column, string Path)> _places = [];

    /// <summary>Learns the places of a document's elements, attributes and texts; of none when it could not be read.</summary>
    public ElementPaths(PolicyElement? root)
    {
        if (root is not null)
        {
            Learn(root, root.Name);
            _places.Sort((one, other) => (one.Line, one.Column).CompareTo((other.Line, other.Column)));
        }
    }

    /// <summary>The finding with its path; one that has it keeps it.</summary>
    public PolicyDiagnostic Add(PolicyDiagnostic finding)
    {
        if (finding.Path.Length > 0 || _places.Count == 0)
        {
            return finding;
        }

        // What stands behind a place and before the next one belongs to it: an expression begins before its mistakes.
        var at = _places.FindLastIndex(place => (place.Line, place.Column).CompareTo((finding.Line, finding.Column)) <= 0);
        return finding with { Path = _places[Math.Max(at, 0)].Path };
    }

    private void Learn(PolicyElement element, string path)
    {
        _places.Add((element.Line, element.Column, path));
        foreach (var attribute in element.Attributes)
        {
            _places.Add((attribute.Line, attribute.Column, path));
        }

        if (element.Text is { } text)
        {
            _places.Add((text.Line, text.Column, path));
        }

        var counts = element.Children.CountBy(child => child.Name).ToDictionary(StringComparer.Ordinal);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var child in element.Children)
        {
            var index = seen[child.Name] = seen.GetValueOrDefault(child.Name) + 1;
            Learn(child, counts[child.Name] == 1 ? $"{path}/{child.Name}" : string.Create(CultureInfo.InvariantCulture, $"{path}/{child.Name}[{index}]"));
        }
    }
}
