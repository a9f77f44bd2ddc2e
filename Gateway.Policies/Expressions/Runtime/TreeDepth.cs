using System.Xml.Linq;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>
/// Keeps JSON and XML from being nested deeper than their libraries can go: those call themselves for each level, and a stack that ends
/// ends the process.
/// </summary>
internal static class TreeDepth
{
    /// <summary>The deepest nesting.</summary>
    public const int Maximum = 256;

    /// <summary>Checks a value and everything in it, where it stands.</summary>
    public static void Check(JToken token)
    {
        var above = 0;
        for (var parent = token.Parent; parent is not null; parent = parent.Parent)
        {
            Step(++above);
        }

        var depth = above;
        for (var at = token; at is not null;)
        {
            Budget.Spend(2);
            if (at is JContainer { First: { } first })
            {
                Step(++depth);
                at = first;
                continue;
            }

            while (at is not null && at != token && at.Next is null)
            {
                at = at.Parent;
                depth--;
            }

            at = at == token ? null : at?.Next;
        }
    }

    /// <summary>Checks a node and everything in it, where it stands.</summary>
    public static void Check(XNode node)
    {
        var above = 0;
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
        {
            Step(++above);
        }

        var depth = above;
        for (var at = node; at is not null;)
        {
            Budget.Spend(2);
            if (at is XContainer { FirstNode: { } first })
            {
                Step(++depth);
                at = first;
                continue;
            }

            while (at is not null && at != node && at.NextNode is null)
            {
                at = (XNode?)at.Parent ?? node;
                depth--;
            }

            at = at == node ? null : at?.NextNode;
        }
    }

    private static void Step(int depth)
    {
        if (depth > Maximum)
        {
            throw Budget.Exhaust($"An expression nests JSON or XML deeper than {Maximum} levels.");
        }
    }
}
