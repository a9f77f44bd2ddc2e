using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>
/// Tuples, pairs and anonymous objects ask what they hold for its text and its hash. As long as their type says what that is, this ends; one
/// that holds any object could hold another of its kind, and so on without end. So these never become plain objects.
/// </summary>
internal static class OpenTypes
{
    private static readonly HashSet<string> _writers = ["SerializeObject", "FromObject"];

    /// <summary>True for a conversion after which such a value is no longer known as what it is. Writing it as JSON is checked there.</summary>
    public static bool IsLost(IConversionOperation conversion) =>
        conversion.Operand.Type is { } from && conversion.Type is { } to
        && Contains(from, IsOpen) && !Contains(to, IsHolder)
        && !(conversion.Parent is IArgumentOperation { Parent: IInvocationOperation call } && _writers.Contains(call.TargetMethod.Name)
            && call.TargetMethod.ContainingNamespace.ToDisplayString().StartsWith("Newtonsoft.Json", StringComparison.Ordinal));

    private static bool Contains(ITypeSymbol type, Func<ITypeSymbol, bool> test) =>
        test(type)
        || (type is IArrayTypeSymbol array && Contains(array.ElementType, test))
        || (type is INamedTypeSymbol { TypeKind: not TypeKind.Delegate } named && named.TypeArguments.Any(argument => Contains(argument, test)));

    private static bool IsOpen(ITypeSymbol type) => IsHolder(type) && Held(type).Any(held =>
        held.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType || held.TypeKind is TypeKind.Interface or TypeKind.TypeParameter || IsOpen(held));

    private static bool IsHolder(ITypeSymbol type) =>
        type is INamedTypeSymbol named
        && (named.IsAnonymousType || named.IsTupleType || SymbolNames.Of(named).StartsWith("System.Tuple`", StringComparison.Ordinal)
            || SymbolNames.Of(named) == "System.Collections.Generic.KeyValuePair`2");

    private static IEnumerable<ITypeSymbol> Held(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { IsAnonymousType: true } anonymous => anonymous.GetMembers().OfType<IPropertySymbol>().Select(property => property.Type),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.Select(element => element.Type),
        INamedTypeSymbol named => named.TypeArguments,
        _ => [],
    };
}
