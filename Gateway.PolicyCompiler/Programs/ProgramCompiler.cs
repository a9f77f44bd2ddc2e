using System.Collections.Immutable;
using System.Globalization;
using Gateway.Policies.Expressions.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>
/// Compiles expressions to a program. Pure and deterministic: equal texts and an equal API give equal images. Each expression is judged
/// alone, so that one with errors hides nothing in the others.
/// </summary>
public static class ProgramCompiler
{
    private static readonly MethodDeclarationSyntax _checked = Template("static object M(IExpressionContext context) { }");

    private static readonly MethodDeclarationSyntax _emitted = Template(
        "[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoOptimization)] public static object M(IExpressionContext context) { }");

    /// <summary>Checks and compiles. What was checked before is only compiled.</summary>
    /// <param name="source">The expressions.</param>
    /// <param name="api">What they see.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    public static ProgramCompilation Compile(ProgramSource source, ExpressionApi api, CancellationToken cancellation)
    {
        var found = source.Slots.Select(api.Checked.Find).ToArray();
        if (!found.Contains(null) && api.Checked.TryTakeImage(source.Key, out var known))
        {
            return new ProgramCompilation { Image = known, Results = Array.ConvertAll(found, expression => expression?.Result) };
        }

        var diagnostics = new List<SlotDiagnostic>();
        var slots = source.Slots.Select((text, slot) => found[slot] is null ? SlotSyntax.Parse(slot, text, diagnostics) : null).OfType<SlotSyntax>().ToList();
        if (slots.Count > 0)
        {
            api.Checked.Count(slots.Count);
            new Checking(api, slots, diagnostics, cancellation).Run(found);
        }

        var wrong = diagnostics.Count;
        var image = found.All(expression => expression is null) ? null : Emit(api, Methods(found), diagnostics, cancellation);
        if (diagnostics.Count == wrong)
        {
            foreach (var (text, expression) in source.Slots.Zip(found))
            {
                if (expression is not null)
                {
                    api.Checked.Keep(text, expression);
                }
            }
        }

        foreach (var diagnostic in diagnostics)
        {
            found[diagnostic.Slot] = null;
        }

        return new ProgramCompilation
        {
            Image = diagnostics.Count == 0 ? image : null,
            Results = Array.ConvertAll(found, expression => expression?.Result),
            Diagnostics = [.. diagnostics.DistinctBy(diagnostic => (diagnostic.Slot, diagnostic.Offset)).OrderBy(diagnostic => diagnostic.Slot).ThenBy(diagnostic => diagnostic.Offset)],
        };
    }

    /// <summary>
    /// Only checks: of expressions that were checked before nothing is done again. What is compiled on the way is kept for a
    /// <see cref="Compile"/> of the same expressions.
    /// </summary>
    /// <returns>Without an image.</returns>
    /// <inheritdoc cref="Compile"/>
    public static ProgramCompilation Check(ProgramSource source, ExpressionApi api, CancellationToken cancellation)
    {
        var results = source.Slots.Select(text => api.Checked.Find(text)?.Result).ToArray();
        int[] open = [.. Enumerable.Range(0, results.Length).Where(slot => results[slot] is null)];
        if (open.Length == 0)
        {
            return new ProgramCompilation { Results = results };
        }

        // Parts of an ordered set have the same order, so that slot n of the part is the n-th open one.
        var part = new ProgramSource(open.Select(slot => source.Slots[slot]));
        var compilation = Compile(part, api, cancellation);
        for (var slot = 0; slot < open.Length; slot++)
        {
            results[open[slot]] = compilation.Results[slot];
        }

        if (compilation.Image is { } image)
        {
            api.Checked.KeepImage(part.Key, image);
        }

        return new ProgramCompilation { Results = results, Diagnostics = [.. compilation.Diagnostics.Select(diagnostic => diagnostic with { Slot = open[diagnostic.Slot] })] };
    }

    private static List<MethodDeclarationSyntax> Methods(CheckedExpression?[] expressions) =>
    [
        .. expressions.Select((expression, slot) => expression is null ? null : SlotSyntax.Method(_emitted, $"S{slot}", expression.Charged)
            .WithReturnType(SyntaxFactory.ParseTypeName(expression.ResultText, options: ProgramBase.Language).WithTrailingTrivia(SyntaxFactory.Space)))
            .OfType<MethodDeclarationSyntax>(),
    ];

    private static byte[]? Emit(ExpressionApi api, List<MethodDeclarationSyntax> methods, List<SlotDiagnostic> diagnostics, CancellationToken cancellation)
    {
        var compilation = api.Base.ToEmit(methods);
        using var stream = new MemoryStream();
        var emitted = compilation.Emit(stream, cancellationToken: cancellation);
        if (!emitted.Success)
        {
            foreach (var diagnostic in emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            {
                var method = diagnostic.Location.SourceTree?.GetRoot(cancellation).FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>();
                diagnostics.Add(new(Slot(method), 0, diagnostic.GetMessage(CultureInfo.InvariantCulture)));
            }

            return null;
        }

        var image = stream.ToArray();
        var findings = ProgramGate.Check(ImmutableArray.Create(image));
        diagnostics.AddRange(findings.Select(finding => new SlotDiagnostic(finding.Slot ?? Slot(methods[0]), 0, finding.Message)));
        return image;
    }

    private static int Slot(MethodDeclarationSyntax? method) => method is null ? 0 : int.Parse(method.Identifier.ValueText.AsSpan(1), CultureInfo.InvariantCulture);

    private static MethodDeclarationSyntax Template(string text) =>
        (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(text, options: ProgramBase.Language)!;

    /// <summary>The first pass: binds each expression as it was written, and explains.</summary>
    private sealed class Checking(ExpressionApi api, List<SlotSyntax> slots, List<SlotDiagnostic> diagnostics, CancellationToken cancellation)
    {
        /// <summary>Puts the expressions without errors into their slots.</summary>
        public void Run(CheckedExpression?[] found)
        {
            var compilation = api.Base.ToCheck(slots.Select(slot => SlotSyntax.Method(_checked, $"__S{slot.Slot}", slot.Node)));
            var tree = compilation.SyntaxTrees[0];
            var model = compilation.GetSemanticModel(tree);
            var methods = ((ClassDeclarationSyntax)tree.GetCompilationUnitRoot(cancellation).Members[0]).Members.Cast<MethodDeclarationSyntax>().ToArray();
            var wrong = Errors(model, methods);
            for (var i = 0; i < slots.Count; i++)
            {
                if (wrong.Contains(i))
                {
                    continue;
                }

                var (slot, before) = (slots[i], diagnostics.Count);
                var expression = SlotSyntax.In(methods[i], slot.Node is BlockSyntax);
                new OperationWalk(model, (at, message) => diagnostics.Add(new(slot.Slot, slot.Offset(at.SpanStart, expression), message)), cancellation).Run(methods[i]);
                if (diagnostics.Count > before)
                {
                    continue;
                }

                var (type, text) = SlotResult.Of(model, expression, cancellation);
                found[slot.Slot] = new(type, text, new ChargeRewriter(model, cancellation).Visit(expression));
            }
        }

        private HashSet<int> Errors(SemanticModel model, MethodDeclarationSyntax[] methods)
        {
            var starts = Array.ConvertAll(methods, method => method.FullSpan.Start);
            var wrong = new HashSet<int>();
            foreach (var diagnostic in model.GetDiagnostics(cancellationToken: cancellation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            {
                var position = diagnostic.Location.SourceSpan.Start;
                var found = Array.BinarySearch(starts, position);
                var index = Math.Max(0, found < 0 ? ~found - 1 : found);
                var slot = slots[index];
                wrong.Add(index);
                diagnostics.Add(new(slot.Slot, slot.Offset(position, SlotSyntax.In(methods[index], slot.Node is BlockSyntax)), diagnostic.GetMessage(CultureInfo.InvariantCulture)));
            }

            return wrong;
        }
    }
}
