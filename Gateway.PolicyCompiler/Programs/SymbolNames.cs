using Microsoft.CodeAnalysis;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>Writes symbols as the list of allowed members and the gate write metadata.</summary>
internal static class SymbolNames
{
    /// <summary>The name of a type without what it is made with.</summary>
    public static string Of(INamedTypeSymbol type)
    {
        type = type.OriginalDefinition;
        if (type.ContainingType is { } outer)
        {
            return $"{Of(outer)}+{type.MetadataName}";
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } space ? $"{space.ToDisplayString()}.{type.MetadataName}" : type.MetadataName;
    }

    /// <summary>The types of a method's parameters.</summary>
    public static string Parameters(IMethodSymbol method) =>
        string.Join(',', method.OriginalDefinition.Parameters.Select(parameter => Full(parameter.Type) + (parameter.RefKind == RefKind.None ? "" : "&")));

    private static string Full(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => $"{Full(array.ElementType)}[]",
        ITypeParameterSymbol parameter => $"{(parameter.TypeParameterKind == TypeParameterKind.Method ? "!!" : "!")}{parameter.Ordinal}",
        INamedTypeSymbol { IsGenericType: true } generic => $"{Of(generic)}<{string.Join(',', generic.TypeArguments.Select(Full))}>",
        INamedTypeSymbol named => Of(named),
        _ => type.ToDisplayString(),
    };

    /// <summary>A type as the gate writes type arguments.</summary>
    public static string Argument(ITypeSymbol type) => Full(type);
}
