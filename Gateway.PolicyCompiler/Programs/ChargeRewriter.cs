using Gateway.Policies.Expressions.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>
/// Puts the charges into an expression that has been checked: at loops, lambdas, local functions and catch clauses, behind members with
/// long results, and in place of members whose cost grows with an argument. Whatever it should miss is refused by the gate, as the plain
/// member is not allowed in compiled code.
/// </summary>
internal sealed class ChargeRewriter(SemanticModel model, CancellationToken cancellation) : CSharpSyntaxRewriter
{
    private const string Runtime = $"global::{AllowList.RuntimeNamespace}";

    /// <summary>How many strings are put together before memory is looked at.</summary>
    private const int LongestConcatenation = 4;

    private static readonly StatementSyntax _charge = SyntaxFactory.ParseStatement($"{Runtime}.Budget.Charge();", options: ProgramBase.Language);
    private static readonly StatementSyntax _enter = SyntaxFactory.ParseStatement($"{Runtime}.Budget.Enter();", options: ProgramBase.Language);
    private static readonly StatementSyntax _enterTrying = SyntaxFactory.ParseStatement($"{Runtime}.Budget.EnterTrying();", options: ProgramBase.Language);
    private static readonly TypeSyntax _object = SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.ObjectKeyword));

    public override SyntaxNode? VisitWhileStatement(WhileStatementSyntax node) =>
        ((WhileStatementSyntax)base.VisitWhileStatement(node)!) is var loop ? loop.WithStatement(Charged(loop.Statement)) : null;

    public override SyntaxNode? VisitDoStatement(DoStatementSyntax node) =>
        ((DoStatementSyntax)base.VisitDoStatement(node)!) is var loop ? loop.WithStatement(Charged(loop.Statement)) : null;

    public override SyntaxNode? VisitForStatement(ForStatementSyntax node) =>
        ((ForStatementSyntax)base.VisitForStatement(node)!) is var loop ? loop.WithStatement(Charged(loop.Statement)) : null;

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node) =>
        ((ForEachStatementSyntax)base.VisitForEachStatement(node)!) is var loop ? loop.WithStatement(Charged(loop.Statement)) : null;

    public override SyntaxNode? VisitForEachVariableStatement(ForEachVariableStatementSyntax node) =>
        ((ForEachVariableStatementSyntax)base.VisitForEachVariableStatement(node)!) is var loop ? loop.WithStatement(Charged(loop.Statement)) : null;

    public override SyntaxNode? VisitCatchClause(CatchClauseSyntax node) =>
        ((CatchClauseSyntax)base.VisitCatchClause(node)!) is var clause ? clause.WithBlock(First(_charge, clause.Block)) : null;

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node)
    {
        var isVoid = IsVoid(node);
        var lambda = (SimpleLambdaExpressionSyntax)base.VisitSimpleLambdaExpression(node)!;
        return lambda.WithBody(Entered(lambda.Body, isVoid));
    }

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node)
    {
        var isVoid = IsVoid(node);
        var lambda = (ParenthesizedLambdaExpressionSyntax)base.VisitParenthesizedLambdaExpression(node)!;
        return lambda.WithBody(Entered(lambda.Body, isVoid));
    }

    public override SyntaxNode? VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
    {
        var method = (AnonymousMethodExpressionSyntax)base.VisitAnonymousMethodExpression(node)!;
        return method.WithBlock(First(Entry(method.Block), method.Block));
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var isVoid = model.GetDeclaredSymbol(node, cancellation) is IMethodSymbol { ReturnsVoid: true };
        var function = (LocalFunctionStatementSyntax)base.VisitLocalFunctionStatement(node)!;
        return function.ExpressionBody is { } body
            ? function.WithExpressionBody(null).WithSemicolonToken(default).WithBody((BlockSyntax)Entered(body.Expression, isVoid))
            : function.WithBody(First(Entry(function.Body!), function.Body!));
    }

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var visited = (InvocationExpressionSyntax)base.VisitInvocationExpression(node)!;
        if (model.GetSymbolInfo(node, cancellation).Symbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.ReducedExtension } method)
        {
            return visited;
        }

        var type = SymbolNames.Of(method.ContainingType);
        if (AllowList.IsApi(type))
        {
            return visited;
        }

        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        var use = AllowList.Instance.Find(type, definition.MetadataName, SymbolNames.Parameters(definition)) ?? AllowedUse.Plain;
        if ((use & (AllowedUse.Guarded | AllowedUse.Replaced)) != 0)
        {
            visited = visited.WithExpression(Guarded(visited.Expression, method));
        }

        return Followed(visited, method.ReturnType, use);
    }

    public override SyntaxNode? VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        var visited = (ObjectCreationExpressionSyntax)base.VisitObjectCreationExpression(node)!;
        if (model.GetSymbolInfo(node, cancellation).Symbol is not IMethodSymbol constructor)
        {
            return visited;
        }

        var type = constructor.ContainingType;
        var name = SymbolNames.Of(type);
        var use = AllowList.Instance.Find(name, ".ctor", SymbolNames.Parameters(constructor)) ?? AllowedUse.Plain;
        if (use.HasFlag(AllowedUse.Guarded) && visited.Initializer is null)
        {
            var arguments = type.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", type.TypeArguments.Select(Written))}>";
            return SyntaxFactory.InvocationExpression(Parse($"{GuardClass(type)}.New{arguments}"), visited.ArgumentList!);
        }

        return Trees.IsTree(name) ? Suffixed(WithContent(node, visited), "Attached")
            : use.HasFlag(AllowedUse.Looked) ? Suffixed(visited, "Looked")
            : visited;
    }

    /// <summary>Lets everything that is put into a new tree go through the runtime, unless its type says that it holds nothing else.</summary>
    private ObjectCreationExpressionSyntax WithContent(ObjectCreationExpressionSyntax node, ObjectCreationExpressionSyntax visited)
    {
        if (visited.ArgumentList is { } list)
        {
            var arguments = list.Arguments.Select((argument, i) => IsLeaf(node.ArgumentList!.Arguments[i].Expression) ? argument : argument.WithExpression(Content(argument.Expression)));
            visited = visited.WithArgumentList(list.WithArguments(SyntaxFactory.SeparatedList(arguments)));
        }

        if (visited.Initializer is { RawKind: (int)SyntaxKind.CollectionInitializerExpression } initializer)
        {
            var items = initializer.Expressions.Select((item, i) => item is InitializerExpressionSyntax || IsLeaf(node.Initializer!.Expressions[i]) ? item : Content(item));
            visited = visited.WithInitializer(initializer.WithExpressions(SyntaxFactory.SeparatedList(items)));
        }

        return visited;
    }

    private bool IsLeaf(ExpressionSyntax value)
    {
        var type = model.GetTypeInfo(value, cancellation).Type;
        return type is null || type.SpecialType is not (SpecialType.None or SpecialType.System_Object or SpecialType.System_Array or SpecialType.System_Collections_IEnumerable)
            || (type is INamedTypeSymbol named && Trees.IsLeaf(SymbolNames.Of(named)));
    }

    private static InvocationExpressionSyntax Content(ExpressionSyntax value) => SyntaxFactory.InvocationExpression(
        Parse($"{Runtime}.Charged.Content"), SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(value))));

    public override SyntaxNode? VisitArrayCreationExpression(ArrayCreationExpressionSyntax node)
    {
        var visited = (ArrayCreationExpressionSyntax)base.VisitArrayCreationExpression(node)!;
        if (model.GetTypeInfo(node, cancellation).Type is not IArrayTypeSymbol array || visited.Type.RankSpecifiers[0] is not { Sizes: [not OmittedArraySizeExpressionSyntax] } rank)
        {
            return visited;
        }

        var length = SyntaxFactory.InvocationExpression(
            Parse($"{Runtime}.Budget.Length<{Written(array.ElementType)}>"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(rank.Sizes[0]))));
        return visited.Initializer is not null
            ? visited
            : visited.WithType(visited.Type.WithRankSpecifiers(visited.Type.RankSpecifiers.Replace(rank, rank.WithSizes(SyntaxFactory.SingletonSeparatedList<ExpressionSyntax>(length)))));
    }

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        if (!IsConcatenation(node))
        {
            return base.VisitBinaryExpression(node);
        }

        var operands = 2;
        for (var left = node.Left; left is BinaryExpressionSyntax inner && IsConcatenation(inner); left = inner.Left)
        {
            operands++;
        }

        var visited = (BinaryExpressionSyntax)base.VisitBinaryExpression(node)!;
        visited = visited.WithLeft(Joined(node.Left, visited.Left)).WithRight(Joined(node.Right, visited.Right));
        var isInner = node.Parent is BinaryExpressionSyntax parent && parent.Left == node && IsConcatenation(parent);
        return isInner && operands % LongestConcatenation != 0 ? visited : Suffixed(visited, "Made");
    }

    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        var visited = (AssignmentExpressionSyntax)base.VisitAssignmentExpression(node)!;
        if (node.IsKind(SyntaxKind.AddAssignmentExpression))
        {
            return model.GetTypeInfo(node, cancellation).Type?.SpecialType == SpecialType.System_String
                ? Suffixed(visited.WithRight(Joined(node.Right, visited.Right)), "Made")
                : visited;
        }

        if (!node.IsKind(SyntaxKind.SimpleAssignmentExpression) || node.Parent is InitializerExpressionSyntax
            || model.GetSymbolInfo(node.Left, cancellation).Symbol is not IPropertySymbol { SetMethod: { } setter } property
            || AllowList.Instance.Find(SymbolNames.Of(property.ContainingType), setter.MetadataName, SymbolNames.Parameters(setter)) is not { } use
            || (use & (AllowedUse.Guarded | AllowedUse.Replaced)) == 0)
        {
            return visited;
        }

        var (receiver, arguments) = visited.Left switch
        {
            ElementAccessExpressionSyntax element => (element.Expression, element.ArgumentList.Arguments),
            MemberAccessExpressionSyntax member => (member.Expression, default),
            _ => (visited.Left, default),
        };
        return SyntaxFactory.InvocationExpression(
            Parse($"{GuardClass(property.ContainingType)}.Set{(property.IsIndexer ? "" : property.Name)}"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList([SyntaxFactory.Argument(receiver), .. arguments, SyntaxFactory.Argument(visited.Right)])));
    }

    public override SyntaxNode? VisitInterpolatedStringExpression(InterpolatedStringExpressionSyntax node)
    {
        var visited = (InterpolatedStringExpressionSyntax)base.VisitInterpolatedStringExpression(node)!;
        var format = new System.Text.StringBuilder();
        var holes = new List<ArgumentSyntax>();
        foreach (var content in visited.Contents)
        {
            if (content is InterpolatedStringTextSyntax text)
            {
                format.Append(text.TextToken.ValueText);
            }
            else if (content is InterpolationSyntax hole)
            {
                format.Append('{').Append(holes.Count);
                if (hole.AlignmentClause is not null)
                {
                    var width = model.GetConstantValue(((InterpolationSyntax)node.Contents[visited.Contents.IndexOf(content)]).AlignmentClause!.Value, cancellation).Value;
                    format.Append(System.Globalization.CultureInfo.InvariantCulture, $",{width}");
                }

                format.Append(hole.FormatClause is { } clause ? $":{clause.FormatStringToken.ValueText}" : "").Append('}');
                holes.Add(SyntaxFactory.Argument(SyntaxFactory.CastExpression(_object, SyntaxFactory.ParenthesizedExpression(hole.Expression))));
            }
        }

        var literal = SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(format.ToString()));
        return SyntaxFactory.InvocationExpression(
            Parse($"{Runtime}.ChargedString.Format"),
            SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList([SyntaxFactory.Argument(literal), .. holes])));
    }

    /// <summary>The same call of the member that stands in: a static one of the guard class, or an extension of another name.</summary>
    private static ExpressionSyntax Guarded(ExpressionSyntax called, IMethodSymbol method)
    {
        var name = called switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            SimpleNameSyntax simple => simple,
            _ => throw new InvalidOperationException($"A call of '{method.Name}' has an unknown form."),
        };
        var guard = Renamed(name, method.IsStatic ? method.Name : $"Charged{method.Name}");
        return method.IsStatic
            ? SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, Parse(GuardClass(method.ContainingType)), guard)
            : called switch
            {
                MemberAccessExpressionSyntax access => access.WithName(guard),
                MemberBindingExpressionSyntax binding => binding.WithName(guard),
                _ => guard,
            };
    }

    private static SimpleNameSyntax Renamed(SimpleNameSyntax name, string to) =>
        name is GenericNameSyntax generic ? generic.WithIdentifier(SyntaxFactory.Identifier(to)) : SyntaxFactory.IdentifierName(to);

    private static ExpressionSyntax Followed(InvocationExpressionSyntax call, ITypeSymbol result, AllowedUse use) => result switch
    {
        { SpecialType: SpecialType.System_Void } => call,
        _ when use.HasFlag(AllowedUse.Looked) => Suffixed(call, "Looked"),
        { SpecialType: SpecialType.System_String } or IArrayTypeSymbol => Suffixed(call, "Made"),
        INamedTypeSymbol named => SymbolNames.Of(named) switch
        {
            "System.Text.StringBuilder" => Suffixed(call, "Made"),
            "System.Collections.Generic.IEnumerable`1" or "System.Linq.IOrderedEnumerable`1" => Suffixed(call, "Metered"),
            _ => call,
        },
        _ => call,
    };

    private static InvocationExpressionSyntax Suffixed(ExpressionSyntax value, string member) => SyntaxFactory.InvocationExpression(
        SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression,
            value is InvocationExpressionSyntax ? value : SyntaxFactory.ParenthesizedExpression(value),
            SyntaxFactory.IdentifierName(member)));

    /// <summary>A character that is put together with a string, as a string that was made before: compilers would make spans of the parts.</summary>
    private ExpressionSyntax Joined(ExpressionSyntax node, ExpressionSyntax visited) =>
        model.GetTypeInfo(node, cancellation) is { Type.SpecialType: SpecialType.System_Char, ConvertedType.SpecialType: not SpecialType.System_Char }
            ? Suffixed(Suffixed(visited, "ToString"), "Made")
            : visited;

    private bool IsConcatenation(BinaryExpressionSyntax node) =>
        node.IsKind(SyntaxKind.AddExpression)
        && model.GetTypeInfo(node, cancellation).Type?.SpecialType == SpecialType.System_String
        && !model.GetConstantValue(node, cancellation).HasValue;

    private bool IsVoid(ExpressionSyntax lambda) => model.GetSymbolInfo(lambda, cancellation).Symbol is IMethodSymbol { ReturnsVoid: true };

    private static CSharpSyntaxNode Entered(CSharpSyntaxNode body, bool isVoid) => body switch
    {
        BlockSyntax block => First(Entry(block), block),
        ThrowExpressionSyntax thrown => SyntaxFactory.Block(_enter, SyntaxFactory.ThrowStatement(thrown.Expression)),
        ExpressionSyntax value when isVoid => SyntaxFactory.Block(_enter, SyntaxFactory.ExpressionStatement(value)),
        ExpressionSyntax value => SyntaxFactory.Block(_enter, SyntaxFactory.ReturnStatement(value)),
        _ => body,
    };

    private static StatementSyntax Entry(BlockSyntax body) =>
        body.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is TryStatementSyntax) ? _enterTrying : _enter;

    private static BlockSyntax Charged(StatementSyntax body) => body is BlockSyntax block ? First(_charge, block) : SyntaxFactory.Block(_charge, body);

    private static BlockSyntax First(StatementSyntax statement, BlockSyntax block) => block.WithStatements(block.Statements.Insert(0, statement));

    private static ExpressionSyntax Parse(string text) => SyntaxFactory.ParseExpression(text, options: ProgramBase.Language);

    private static string GuardClass(INamedTypeSymbol type) => $"{Runtime}.Charged{type.Name}";

    private static string Written(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
