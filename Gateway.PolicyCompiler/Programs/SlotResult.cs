using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Newtonsoft.Json.Linq;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>Tells the type of an expression by its text.</summary>
internal static class SlotResult
{
    private static readonly Dictionary<string, Type> _known = ((Type[])[
        typeof(bool), typeof(string), typeof(int), typeof(long), typeof(double), typeof(decimal), typeof(float), typeof(char), typeof(byte), typeof(short), typeof(uint),
        typeof(ulong), typeof(ushort), typeof(sbyte), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Uri), typeof(JToken), typeof(JObject),
        typeof(JArray)]).ToDictionary(type => type.FullName!, StringComparer.Ordinal);

    /// <summary>The type and how C# writes it; object when it has several or one that does not matter.</summary>
    public static (Type Type, string Text) Of(SemanticModel model, SyntaxNode expression, CancellationToken cancellation)
    {
        var types = expression is BlockSyntax block
            ? Returns(model, block, cancellation)
            : [model.GetTypeInfo(expression, cancellation).Type];
        return types.Distinct(SymbolEqualityComparer.Default).ToList() is [ITypeSymbol only] && Known(only) is { } known
            ? (known, only.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat))
            : (typeof(object), "object");
    }

    private static List<ITypeSymbol?> Returns(SemanticModel model, BlockSyntax block, CancellationToken cancellation)
    {
        var returns = block.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .OfType<ReturnStatementSyntax>()
            .Select(statement => statement.Expression)
            .Select(value => value is null ? null : model.GetTypeInfo(value, cancellation).Type)
            .ToList();
        var values = returns.Where(type => type is not null).ToList();
        return values.Count < returns.Count && values.Any(type => type!.IsValueType) ? [null] : values;
    }

    private static Type? Known(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable when Known(nullable.TypeArguments[0]) is { } inner => typeof(Nullable<>).MakeGenericType(inner),
        INamedTypeSymbol { IsGenericType: false } named => _known.GetValueOrDefault(SymbolNames.Of(named)),
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_String } => typeof(string[]),
        IArrayTypeSymbol { Rank: 1, ElementType.SpecialType: SpecialType.System_Byte } => typeof(byte[]),
        _ => null,
    };
}
