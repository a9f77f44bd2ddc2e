using SharpYaml;
using SharpYaml.Events;

namespace Gateway.Management.Import;

/// <summary>
/// Walks over YAML without building anything, to refuse what would cost too much to build: deep nesting, and aliases of
/// aliases that unfold into billions of nodes.
/// </summary>
internal static class YamlBounds
{
    private const int MaximumDepth = 64;

    /// <summary>What is wrong with the text, as a sentence with line and column; null when it can be built.</summary>
    public static string? Refuse(string text, int maximumNodes)
    {
        try
        {
            return Walk(Parser.CreateParser(new StringReader(text)), maximumNodes);
        }
        catch (YamlException exception)
        {
            // The library begins with its own zero-based place: "(Lin: 0, Col: 4, Chr: 4) - (…): ".
            var place = exception.Message.IndexOf("): ", StringComparison.Ordinal);
            var cause = place < 0 ? exception.Message : exception.Message[(place + 3)..];
            return $"{cause.TrimEnd('.')} (line {exception.Start.Line + 1}, column {exception.Start.Column + 1})";
        }
    }

    private static string? Walk(IParser parser, int maximumNodes)
    {
        var anchors = new Dictionary<string, Weight>(StringComparer.Ordinal);
        var open = new Stack<(string? Anchor, Weight Weight)>();
        var total = 0L;
        while (parser.MoveNext())
        {
            Weight weight;
            switch (parser.Current)
            {
                case MappingStart or SequenceStart:
                    open.Push((((NodeEvent)parser.Current).Anchor, new Weight(1, 1)));
                    total++;
                    weight = default;
                    break;
                case Scalar scalar:
                    weight = new Weight(1, 1);
                    total++;
                    Remember(anchors, scalar.Anchor, weight);
                    Add(open, weight);
                    break;
                case AnchorAlias alias:
                    if (!anchors.TryGetValue(alias.Value, out weight))
                    {
                        return $"the alias '*{alias.Value}' names nothing, or a node that it stands in {At(alias)}";
                    }

                    total += weight.Nodes;
                    Add(open, weight);
                    break;
                case MappingEnd or SequenceEnd:
                    var (anchor, closed) = open.Pop();
                    Remember(anchors, anchor, closed);
                    Add(open, closed);
                    weight = default;
                    break;
                default:
                    weight = default;
                    break;
            }

            if (open.Count + weight.Depth > MaximumDepth)
            {
                return $"it is nested deeper than {MaximumDepth} levels {At(parser.Current!)}";
            }

            if (total > maximumNodes)
            {
                return $"it has more than {maximumNodes} nodes, aliases unfolded {At(parser.Current!)}";
            }
        }

        return null;
    }

    private static void Remember(Dictionary<string, Weight> anchors, string? anchor, Weight weight)
    {
        if (anchor is not null)
        {
            anchors[anchor] = weight;
        }
    }

    private static void Add(Stack<(string? Anchor, Weight Weight)> open, Weight weight)
    {
        if (open.TryPop(out var parent))
        {
            open.Push((parent.Anchor, new Weight(parent.Weight.Nodes + weight.Nodes, Math.Max(parent.Weight.Depth, weight.Depth + 1))));
        }
    }

    private static string At(ParsingEvent place) => $"(line {place.Start.Line + 1}, column {place.Start.Column + 1})";

    private readonly record struct Weight(long Nodes, int Depth);
}
