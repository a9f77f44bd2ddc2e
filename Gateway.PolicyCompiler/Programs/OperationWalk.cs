using Gateway.Policies.Expressions.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>Explains, with positions, what one expression uses that it may not use. The gate decides; this is for people.</summary>
internal sealed class OperationWalk(SemanticModel model, Action<SyntaxNode, string> report, CancellationToken cancellation)
{
    /// <summary>How deep types may be made of types: each level can double what there is to look at.</summary>
    private const int MaximumTypeDepth = 8;

    private static readonly AllowList _list = AllowList.Instance;

    /// <summary>Walks through a method.</summary>
    public void Run(MethodDeclarationSyntax method)
    {
        if (model.GetOperation(method, cancellation) is not { } root)
        {
            report(method, "The expression cannot be analysed.");
            return;
        }

        Visit(root);
    }

    private void Visit(IOperation operation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (operation is INameOfOperation)
        {
            return;
        }

        if (TypeDepth(operation.Type, MaximumTypeDepth + 1) == 0)
        {
            report(operation.Syntax, "Types may not be made of types so deeply in expressions.");
            return;
        }

        Check(operation);
        foreach (var child in operation.ChildOperations)
        {
            Visit(child);
        }
    }

    private void Check(IOperation operation)
    {
        var at = operation.Syntax;
        Type(operation.Type, at);
        switch (operation)
        {
            case IInvocationOperation call:
                Method(call.TargetMethod, at);
                break;
            case IMethodReferenceOperation group:
                Method(group.Method, at);
                if (!IsOwn(group.Method) && Use(group.Method) is { } use && (use & (AllowedUse.Guarded | AllowedUse.Replaced | AllowedUse.Looked)) != 0)
                {
                    report(at, $"'{group.Method.Name}' may only be called: write a lambda, as in item => {group.Method.Name}(item).");
                }

                break;
            case IPropertyReferenceOperation property:
                Property(property, at);
                break;
            case IFieldReferenceOperation { Field: { } field }:
                if (!field.ContainingType.IsTupleType)
                {
                    Member(field.ContainingType, field.Name, "", at);
                }

                break;
            case IEventReferenceOperation:
                report(at, "Events may not be used in expressions.");
                break;
            case IObjectCreationOperation { Constructor: { } constructor }:
                Constructor(constructor, at, ((IObjectCreationOperation)operation).Initializer is not null);
                break;
            case IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation or IDynamicIndexerAccessOperation:
                report(at, "dynamic may not be used in expressions.");
                break;
            case ITypeOfOperation or ISizeOfOperation or IAddressOfOperation or IAwaitOperation or ITypeParameterObjectCreationOperation or IInterpolatedStringHandlerCreationOperation
                or ITranslatedQueryOperation or IFunctionPointerInvocationOperation:
                report(at, "This may not be used in expressions.");
                break;
            case IConversionOperation { OperatorMethod: { } method }:
                Method(method, at);
                break;
            case IUnaryOperation { OperatorMethod: { } method }:
                Method(method, at);
                break;
            case IBinaryOperation { OperatorMethod: { } method }:
                Method(method, at);
                break;
            case ICompoundAssignmentOperation { OperatorMethod: { } method }:
                Method(method, at);
                break;
            case IIncrementOrDecrementOperation { OperatorMethod: { } method }:
                Method(method, at);
                break;
            case IVariableDeclaratorOperation declarator:
                Type(declarator.Symbol.Type, at);
                break;
            case ICatchClauseOperation clause:
                Type(clause.ExceptionType, at);
                break;
            case IIsTypeOperation test:
                Type(test.TypeOperand, at);
                break;
            case IDeclarationPatternOperation pattern:
                Type(pattern.MatchedType, at);
                break;
            case IAnonymousFunctionOperation lambda:
                Signature(lambda.Symbol, at);
                break;
            case ILocalFunctionOperation local:
                Signature(local.Symbol, at);
                break;
            case IForEachLoopOperation when at is CommonForEachStatementSyntax loop:
                var info = model.GetForEachStatementInfo(loop);
                IMethodSymbol?[] methods = [info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod];
                Array.ForEach(methods, method => Method(method, at));
                break;
        }

        if (operation is IConversionOperation conversion && OpenTypes.IsLost(conversion))
        {
            report(at, $"A value of type '{conversion.Operand.Type!.Name}' that may hold any object may not be used as '{conversion.Type!.Name}' in expressions: use what it holds.");
        }

        if (operation is IBinaryOperation { Type.TypeKind: TypeKind.Delegate } or ICompoundAssignmentOperation { Type.TypeKind: TypeKind.Delegate })
        {
            report(at, "Delegates may not be combined in expressions.");
        }
    }

    private void Signature(IMethodSymbol method, SyntaxNode at)
    {
        Type(method.ReturnType, at);
        foreach (var parameter in method.Parameters)
        {
            Type(parameter.Type, at);
        }
    }

    private void Property(IPropertyReferenceOperation reference, SyntaxNode at)
    {
        if (reference.Property.ContainingType.IsAnonymousType)
        {
            return;
        }

        var isTarget = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;
        if (isTarget || reference.Parent is IIncrementOrDecrementOperation)
        {
            Method(reference.Property.SetMethod, at);
            if (reference.Parent is not ISimpleAssignmentOperation && reference.Property.SetMethod is { } setter && (Use(setter) & (AllowedUse.Guarded | AllowedUse.Replaced)) > 0)
            {
                report(at, $"'{reference.Property.Name}' may only be set with = in expressions.");
            }
        }

        if (!isTarget || reference.Parent is ICompoundAssignmentOperation)
        {
            Method(reference.Property.GetMethod, at);
        }
    }

    private void Constructor(IMethodSymbol constructor, SyntaxNode at, bool hasInitializer)
    {
        Method(constructor, at);
        if (hasInitializer && Use(constructor) is { } use && use.HasFlag(AllowedUse.Guarded))
        {
            report(at, $"A new '{constructor.ContainingType.Name}' with arguments may not have an initializer in expressions.");
        }
    }

    private void Method(IMethodSymbol? method, SyntaxNode at)
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

    private void Member(INamedTypeSymbol type, string name, string parameters, SyntaxNode at)
    {
        var owner = SymbolNames.Of(type);
        Type(type, at);
        if (_list.HasType(owner) && (_list.Find(owner, name, parameters) is not { } use || use.HasFlag(AllowedUse.CompilersOnly)))
        {
            report(at, $"'{type.Name}.{name}' may not be used in expressions.");
        }
    }

    /// <summary>Checks a type and all that it is made of.</summary>
    private void Type(ITypeSymbol? type, SyntaxNode at)
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

    /// <summary>What is left of a depth below a type.</summary>
    private static int TypeDepth(ITypeSymbol? type, int left)
    {
        if (left == 0 || type is null)
        {
            return left;
        }

        var parts = type switch
        {
            IArrayTypeSymbol array => [array.ElementType],
            INamedTypeSymbol { IsAnonymousType: true } anonymous => anonymous.GetMembers().OfType<IPropertySymbol>().Select(property => property.Type),
            INamedTypeSymbol named => named.TypeArguments,
            _ => Enumerable.Empty<ITypeSymbol>(),
        };
        var least = left;
        foreach (var part in parts)
        {
            least = Math.Min(least, TypeDepth(part, left - 1));
            if (least == 0)
            {
                break;
            }
        }

        return least;
    }

    private static bool IsOwn(IMethodSymbol method) => method.MethodKind is MethodKind.LocalFunction or MethodKind.AnonymousFunction or MethodKind.BuiltinOperator;

    private static AllowedUse? Use(IMethodSymbol method)
    {
        var definition = (method.ReducedFrom ?? method).OriginalDefinition;
        return _list.Find(SymbolNames.Of(definition.ContainingType), definition.MetadataName, SymbolNames.Parameters(definition));
    }
}
