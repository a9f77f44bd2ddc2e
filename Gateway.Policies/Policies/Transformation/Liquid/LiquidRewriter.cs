using System.Collections.Frozen;
using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>Lets templates ask for what lists and loops know by PascalCase names, as <c>forloop.Last</c>, and bounds ranges.</summary>
internal sealed class LiquidRewriter : AstRewriter
{
    private static readonly FrozenDictionary<string, string> s_names = new Dictionary<string, string>
    {
        ["Size"] = "size", ["First"] = "first", ["Last"] = "last", ["Length"] = "length", ["Name"] = "name",
        ["Index"] = "index", ["Index0"] = "index0", ["Rindex"] = "rindex", ["Rindex0"] = "rindex0", ["RIndex"] = "rindex", ["RIndex0"] = "rindex0",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Expression VisitMemberExpression(MemberExpression memberExpression) =>
        memberExpression.Segments.Skip(1).Any(segment => segment is IdentifierSegment { Identifier: var name } && s_names.ContainsKey(name))
            ? new MemberExpression([memberExpression.Segments[0], .. memberExpression.Segments.Skip(1).Select(Rewrite)])
            : memberExpression;

    /// <inheritdoc/>
    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) => new BoundedRange(rangeExpression);

    private static MemberSegment Rewrite(MemberSegment segment) =>
        segment is IdentifierSegment { Identifier: var name } && s_names.TryGetValue(name, out var other) ? new EitherSegment(name, other) : segment;

    /// <summary>A member by its own name, or else by its other one.</summary>
    private sealed class EitherSegment(string name, string other) : MemberSegment
    {
        public override async ValueTask<FluidValue> ResolveAsync(FluidValue value, TemplateContext context) =>
            await value.GetValueAsync(name, context) is var found && !found.IsNil() ? found : await value.GetValueAsync(other, context);
    }

    /// <summary>A range whose list is not made when it is too long.</summary>
    private sealed class BoundedRange(RangeExpression range) : Expression
    {
        private const int Longest = 100_000;

        public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
        {
            var (from, to) = ((await range.From.EvaluateAsync(context)).ToNumberValue(), (await range.To.EvaluateAsync(context)).ToNumberValue());
            return to - from < Longest && Math.Abs(from) < int.MaxValue && Math.Abs(to) < int.MaxValue
                ? await range.EvaluateAsync(context)
                : throw new InvalidOperationException($"A range of a template may have {Longest} numbers at most.");
        }
    }
}
