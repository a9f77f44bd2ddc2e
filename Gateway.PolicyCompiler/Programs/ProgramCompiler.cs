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

    /// <summary>Checks and compiles.</summary>
    /// <param name="source">The expressions.</param>
    /// <param name="api">What they see.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    public static ProgramCompilation Compile(ProgramSource source, ExpressionApi api, CancellationToken cancellation)
    {
        var diagnostics = new List<SlotDiagnostic>();
        var results = new Type?[source.Slots.Count];
        var slots = source.Slots.Select((text, slot) => SlotSyntax.Parse(slot, text, diagnostics)).OfType<SlotSyntax>().ToList();
        var methods = new Checking(api, slots, diagnostics, cancellation).Run(results);
        var image = methods.Count == 0 ? null : Emit(source, api, methods, diagnostics, cancellation);
        foreach (var diagnostic in diagnostics)
        {
            results[diagnostic.Slot] = null;
        }

        return new ProgramCompilation
        {
            Image = diagnostics.Count == 0 ? image : null,
            Results = results,
            Diagnostics = [.. diagnostics.DistinctBy(diagnostic => (diagnostic.Slot, diagnostic.Offset)).OrderBy(diagnostic => diagnostic.Slot).ThenBy(diagnostic => diagnostic.Offset)],
        };
    }

    private static byte[]? Emit(ProgramSource source, ExpressionApi api, List<MethodDeclarationSyntax> methods, List<SlotDiagnostic> diagnostics, CancellationToken cancellation)
    {
        var compilation = api.Base.ToEmit($"expressions.{source.Key}.{api.Abi}", methods);
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
        /// <returns>Charged methods of the expressions without errors.</returns>
        public List<MethodDeclarationSyntax> Run(Type?[] results)
        {
            var compilation = api.Base.ToCheck(slots.Select(slot => SlotSyntax.Method(_checked, $"__S{slot.Slot}", slot.Node)));
            var tree = compilation.SyntaxTrees[0];
            var model = compilation.GetSemanticModel(tree);
            var methods = ((ClassDeclarationSyntax)tree.GetCompilationUnitRoot(cancellation).Members[0]).Members.Cast<MethodDeclarationSyntax>().ToArray();
            var wrong = Errors(model, methods);
            var good = new List<MethodDeclarationSyntax>();
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
                results[slot.Slot] = type;
                var charged = new ChargeRewriter(model, cancellation).Visit(expression);
                good.Add(SlotSyntax.Method(_emitted, $"S{slot.Slot}", charged).WithReturnType(SyntaxFactory.ParseTypeName(text, options: ProgramBase.Language).WithTrailingTrivia(SyntaxFactory.Space)));
            }

            return good;
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
