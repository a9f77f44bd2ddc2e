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

    private readonly SymbolCheck _symbols = new(report);

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
        _symbols.Type(operation.Type, at);
        _symbols.Type(NamedBy(operation), at);
        _symbols.Method(OperatorOf(operation), at);
        switch (operation)
        {
            case IInvocationOperation call:
                _symbols.Method(call.TargetMethod, at);
                break;
            case IMethodReferenceOperation group:
                _symbols.Method(group.Method, at);
                if (!SymbolCheck.IsOwn(group.Method) && SymbolCheck.Use(group.Method) is { } use && (use & (AllowedUse.Guarded | AllowedUse.Replaced | AllowedUse.Looked)) != 0)
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
                    _symbols.Member(field.ContainingType, field.Name, "", at);
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
            case IAnonymousFunctionOperation lambda:
                _symbols.Signature(lambda.Symbol, at);
                break;
            case ILocalFunctionOperation local:
                _symbols.Signature(local.Symbol, at);
                break;
            case IForEachLoopOperation when at is CommonForEachStatementSyntax loop:
                var info = model.GetForEachStatementInfo(loop);
                IMethodSymbol?[] methods = [info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod];
                Array.ForEach(methods, method => _symbols.Method(method, at));
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

    private void Property(IPropertyReferenceOperation reference, SyntaxNode at)
    {
        if (reference.Property.ContainingType.IsAnonymousType)
        {
            return;
        }

        var isTarget = reference.Parent is IAssignmentOperation assignment && assignment.Target == reference;
        if (isTarget || reference.Parent is IIncrementOrDecrementOperation)
        {
            _symbols.Method(reference.Property.SetMethod, at);
            if (reference.Parent is not ISimpleAssignmentOperation && reference.Property.SetMethod is { } setter && (SymbolCheck.Use(setter) & (AllowedUse.Guarded | AllowedUse.Replaced)) > 0)
            {
                report(at, $"'{reference.Property.Name}' may only be set with = in expressions.");
            }
        }

        if (!isTarget || reference.Parent is ICompoundAssignmentOperation)
        {
            _symbols.Method(reference.Property.GetMethod, at);
        }
    }

    private void Constructor(IMethodSymbol constructor, SyntaxNode at, bool hasInitializer)
    {
        _symbols.Method(constructor, at);
        if (hasInitializer && SymbolCheck.Use(constructor) is { } use && use.HasFlag(AllowedUse.Guarded))
        {
            report(at, $"A new '{constructor.ContainingType.Name}' with arguments may not have an initializer in expressions.");
        }
    }

    /// <summary>The type that an operation names besides the type of its value.</summary>
    private static ITypeSymbol? NamedBy(IOperation operation) => operation switch
    {
        IVariableDeclaratorOperation declarator => declarator.Symbol.Type,
        ICatchClauseOperation clause => clause.ExceptionType,
        IIsTypeOperation test => test.TypeOperand,
        IDeclarationPatternOperation pattern => pattern.MatchedType,
        _ => null,
    };

    /// <summary>The operator that an operation calls when it is not one of the language.</summary>
    private static IMethodSymbol? OperatorOf(IOperation operation) => operation switch
    {
        IConversionOperation conversion => conversion.OperatorMethod,
        IUnaryOperation unary => unary.OperatorMethod,
        IBinaryOperation binary => binary.OperatorMethod,
        ICompoundAssignmentOperation assignment => assignment.OperatorMethod,
        IIncrementOrDecrementOperation step => step.OperatorMethod,
        _ => null,
    };

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
}
