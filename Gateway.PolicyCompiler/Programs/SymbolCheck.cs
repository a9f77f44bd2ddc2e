using Gateway.Policies.Expressions.Programs;
using Microsoft.CodeAnalysis;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>Explains which types and members that an expression uses are not on the list of those it may use.</summary>
internal sealed class SymbolCheck(Action<SyntaxNode, string> report)
{
    private static readonly AllowList _list = AllowList.Instance;

    /// <summary>What stands in the place of a member; null when it may not be used.</summary>
    public static AllowedUse? Use(IMethodSymbol method)
    {
        // Compiled code names the member that was first declared, whatever overrides it.
        for (var named = (method.ReducedFrom ?? method).OriginalDefinition; named is not null; named = named.OverriddenMethod?.OriginalDefinition)
        {
            if (_list.Find(SymbolNames.Of(named.ContainingType), named.MetadataName, SymbolNames.Parameters(named)) is { } use)
            {
                return use;
            }
        }

        return null;
    }

    /// <summary>True for what an expression itself declares, and for operators of the language.</summary>
    public static bool IsOwn(IMethodSymbol method) => method.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.BuiltinOperator;

    /// <summary>Checks the types of what an expression declares.</summary>
    public void Signature(IMethodSymbol method, SyntaxNode at)
    {
        Type(method.ReturnType, at);
        foreach (var parameter in method.Parameters)
        {
            Type(parameter.Type, at);
        }
    }

    /// <summary>Checks a method, a constructor or an accessor, and the types that it is used with.</summary>
    public void Method(IMethodSymbol? method, SyntaxNode at)
    {
        if (method is null || IsOwn(method) || method.ContainingType is not { } type)
        {
            return;
        }

        Type(type, at);
        if (!_list.HasType(SymbolNames.Of(type)))
        {
            return;
        }

        if (Use(method) is not { } use || use.HasFlag(AllowedUse.CompilersOnly))
        {
            var name = method.MethodKind == MethodKind.Constructor ? $"new {type.Name}" : $"{type.Name}.{method.AssociatedSymbol?.Name ?? method.Name}";
            report(at, $"'{name}' may not be used in expressions{(method.Parameters.IsEmpty ? "" : " in this form")}.");
            return;
        }

        foreach (var argument in method.TypeArguments)
        {
            Type(argument, at);
            if (use.HasFlag(AllowedUse.JsonTypes) && argument is not IErrorTypeSymbol && !JsonTypes.Allows(SymbolNames.Argument(argument)))
            {
                report(at, $"'{method.Name}' may not be used with '{argument.Name}' in expressions.");
            }
        }

        foreach (var parameter in method.OriginalDefinition.Parameters)
        {
            Type(parameter.Type, at);
        }
    }

    /// <summary>Checks a field.</summary>
    public void Member(INamedTypeSymbol type, string name, string parameters, SyntaxNode at)
    {
        var owner = SymbolNames.Of(type);
        Type(type, at);
        if (_list.HasType(owner) && (_list.Find(owner, name, parameters) is not { } use || use.HasFlag(AllowedUse.CompilersOnly)))
        {
            report(at, $"'{type.Name}.{name}' may not be used in expressions.");
        }
    }

    /// <summary>Checks a type and all that it is made of.</summary>
    public void Type(ITypeSymbol? type, SyntaxNode at)
    {
        switch (type)
        {
            case null or IErrorTypeSymbol or ITypeParameterSymbol:
                break;
            case IArrayTypeSymbol array:
                Type(array.ElementType, at);
                break;
            case IDynamicTypeSymbol:
                report(at, "dynamic may not be used in expressions.");
                break;
            case INamedTypeSymbol { IsAnonymousType: true } anonymous:
                foreach (var property in anonymous.GetMembers().OfType<IPropertySymbol>())
                {
                    Type(property.Type, at);
                }

                break;
            case INamedTypeSymbol named:
                if (!_list.HasType(SymbolNames.Of(named)))
                {
                    report(at, $"'{named.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)}' may not be used in expressions.");
                    break;
                }

                foreach (var argument in named.TypeArguments)
                {
                    Type(argument, at);
                }

                break;
            default:
                report(at, "Unsafe code may not be used in expressions.");
                break;
        }
    }
}
