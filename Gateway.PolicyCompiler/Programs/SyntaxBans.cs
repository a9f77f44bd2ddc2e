using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>What is refused by its looks, before anything is bound.</summary>
internal static class SyntaxBans
{
    /// <summary>How deep nodes may be nested: compilers and walks go down on the stack.</summary>
    private const int MaximumDepth = 400;

    /// <summary>
    /// How deep lambdas may be nested. A lambda is bound once for each overload of the method that it is given to, and those within it each time
    /// again: six levels of a mistake within calls of Sum took minutes.
    /// </summary>
    private const int MaximumLambdas = 3;

    /// <summary>How often lambdas may be bound: once for each overload of the method that they are given to, and so for each lambda in them.</summary>
    private const double MostBindings = 500;

    private const double Overloads = 10;

    /// <summary>How many times an expression may pair types: each time can double the size of a type.</summary>
    private const int MostPairs = 16;

    private static readonly HashSet<string> _pairing = ["Create", "GroupBy", "Tuple", "KeyValuePair", "ToDictionary", "ToLookup", "Zip"];

    /// <summary>The findings, with positions in the node.</summary>
    public static IEnumerable<(int Position, string Message)> Find(SyntaxNode root)
    {
        if (Deepest(root) is { } deep)
        {
            return [(deep.SpanStart, "The expression is nested too deeply.")];
        }

        var bindings = 0d;
        foreach (var lambda in root.DescendantNodesAndSelf().OfType<AnonymousFunctionExpressionSyntax>())
        {
            // Those that are nested deeper than allowed are refused one by one.
            var depth = lambda.Ancestors().Count(outer => outer is AnonymousFunctionExpressionSyntax);
            bindings += depth < MaximumLambdas ? Math.Pow(Overloads, depth) : 0;
            if (bindings > MostBindings)
            {
                return [(lambda.SpanStart, "The expression has too many lambdas within lambdas.")];
            }
        }

        if (root.DescendantNodesAndSelf().Where(IsPair).Skip(MostPairs).FirstOrDefault() is { } pair)
        {
            return [(pair.SpanStart, $"An expression may have {MostPairs} tuples, anonymous objects and groupings at most.")];
        }

        if (root.ContainsDirectives)
        {
            var trivia = root.DescendantTrivia(descendIntoTrivia: false).First(trivia => trivia.IsDirective);
            return [(trivia.SpanStart, "Preprocessor directives may not be used in expressions.")];
        }

        return root.DescendantNodesAndTokensAndSelf().Select(item => (item.SpanStart, Message: item.AsNode() is { } node ? Of(node) : Of(item.AsToken())))
            .Where(finding => finding.Message is not null)
            .Select(finding => (finding.SpanStart, finding.Message!));
    }

    private static string? Of(SyntaxNode node) => node switch
    {
        AttributeListSyntax => "Attributes may not be used in expressions.",
        GotoStatementSyntax or LabeledStatementSyntax => "goto may not be used in expressions.",
        LockStatementSyntax => "lock may not be used in expressions.",
        QueryExpressionSyntax => "Query syntax may not be used in expressions: call the methods, as in items.Where(item => …).",
        StackAllocArrayCreationExpressionSyntax or ImplicitStackAllocArrayCreationExpressionSyntax => "stackalloc may not be used in expressions.",
        UnsafeStatementSyntax or FixedStatementSyntax or PointerTypeSyntax or FunctionPointerTypeSyntax => "Unsafe code may not be used in expressions.",
        TypeOfExpressionSyntax => "typeof may not be used in expressions.",
        SizeOfExpressionSyntax => "sizeof may not be used in expressions.",
        AwaitExpressionSyntax => "await may not be used in expressions: they do not wait.",
        MakeRefExpressionSyntax or RefTypeExpressionSyntax or RefValueExpressionSyntax => "Typed references may not be used in expressions.",
        RefExpressionSyntax or RefTypeSyntax => "ref variables may not be used in expressions.",
        CatchFilterClauseSyntax => "Filters of catch clauses may not be used in expressions: ask inside the clause.",
        AnonymousFunctionExpressionSyntax when node.Ancestors().OfType<AnonymousFunctionExpressionSyntax>().Take(MaximumLambdas).Count() == MaximumLambdas =>
            $"Lambdas may be nested {MaximumLambdas} deep at most in expressions.",
        FinallyClauseSyntax when node.Ancestors().Any(outer => outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax) =>
            "finally may not be used in lambdas and local functions of expressions.",
        LocalFunctionStatementSyntax { TypeParameterList: not null } => "Local functions of an expression may not have type parameters.",
        ArrayTypeSyntax array when array.RankSpecifiers.Any(rank => rank.Rank > 1) => "Arrays of more than one dimension may not be used in expressions.",
        ImplicitArrayCreationExpressionSyntax { Commas.Count: > 0 } => "Arrays of more than one dimension may not be used in expressions.",
        ExternAliasDirectiveSyntax or AliasQualifiedNameSyntax { Alias.Identifier.RawKind: not (int)SyntaxKind.GlobalKeyword } => "Aliases may not be used in expressions.",
        _ => null,
    };

    private static string? Of(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.ExternKeyword or SyntaxKind.AsyncKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.VolatileKeyword => $"{token.ValueText} may not be used in expressions.",
        SyntaxKind.ArgListKeyword or SyntaxKind.MakeRefKeyword or SyntaxKind.RefTypeKeyword or SyntaxKind.RefValueKeyword => "Typed references may not be used in expressions.",
        SyntaxKind.IdentifierToken when token.ValueText.StartsWith("__", StringComparison.Ordinal) => "Names that begin with two underscores may not be used in expressions.",
        _ => null,
    };

    private static bool IsPair(SyntaxNode node) => node switch
    {
        TupleExpressionSyntax or AnonymousObjectCreationExpressionSyntax => true,
        SimpleNameSyntax name => _pairing.Contains(name.Identifier.ValueText),
        _ => false,
    };

    private static SyntaxNode? Deepest(SyntaxNode root)
    {
        var open = new Stack<(SyntaxNode Node, int Depth)>([(root, 0)]);
        while (open.TryPop(out var item))
        {
            if (item.Depth > MaximumDepth)
            {
                return item.Node;
            }

            foreach (var child in item.Node.ChildNodes())
            {
                open.Push((child, item.Depth + 1));
            }
        }

        return null;
    }
}
