using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>
/// One expression as C#. Its text is parsed alone and only nodes are put into a class, so no text can end the method that it stands in.
/// </summary>
internal sealed class SlotSyntax
{
    private readonly int _start;

    private SlotSyntax(int slot, SyntaxNode node, int start)
    {
        Slot = slot;
        Node = node;
        _start = start;
    }

    /// <summary>The slot's number.</summary>
    public int Slot { get; }

    /// <summary>An expression or a block.</summary>
    public SyntaxNode Node { get; }

    /// <summary>Reads the text of a slot.</summary>
    /// <returns>Null after an error.</returns>
    public static SlotSyntax? Parse(int slot, string text, List<SlotDiagnostic> diagnostics)
    {
        var before = diagnostics.Count;
        var from = text.AsSpan().IndexOf('@');
        var whole = text.AsSpan(from < 0 ? 0 : from).TrimEnd();
        var isBlock = whole.Length > 2 && whole[1] == '{' && whole[^1] == '}';
        if (!isBlock && !(whole.Length > 2 && whole[1] == '(' && whole[^1] == ')'))
        {
            diagnostics.Add(new(slot, 0, "An expression is written as @(…) or @{…}."));
            return null;
        }

        var start = from + (isBlock ? 1 : 2);
        SyntaxNode node = isBlock
            ? SyntaxFactory.ParseStatement(whole[1..].ToString(), options: ProgramBase.Language)
            : SyntaxFactory.ParseExpression(whole[2..^1].ToString(), options: ProgramBase.Language);
        foreach (var diagnostic in node.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            Report(diagnostic.Location.SourceSpan.Start, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        }

        if (isBlock && node is not BlockSyntax && diagnostics.Count == before)
        {
            Report(0, "An expression with braces is one block.");
        }

        foreach (var (position, message) in diagnostics.Count == before ? SyntaxBans.Find(node) : [])
        {
            Report(position, message);
        }

        return diagnostics.Count == before ? new(slot, node, start) : null;

        void Report(int position, string message) => diagnostics.Add(new(slot, Math.Clamp(position + start, 0, text.Length), message));
    }

    /// <summary>A position in the tree that holds the expression, as an offset in the slot's text.</summary>
    /// <param name="position">The position in the tree.</param>
    /// <param name="node">The expression in that tree.</param>
    public int Offset(int position, SyntaxNode node) => Math.Max(0, position - node.FullSpan.Start) + _start;

    /// <summary>A method whose result is the expression's value.</summary>
    public static MethodDeclarationSyntax Method(MethodDeclarationSyntax template, string name, SyntaxNode node) => template
        .WithIdentifier(SyntaxFactory.Identifier(name))
        .WithBody(node as BlockSyntax ?? SyntaxFactory.Block(SyntaxFactory.ReturnStatement(
            SyntaxFactory.Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(SyntaxFactory.Space), (ExpressionSyntax)node, SyntaxFactory.Token(SyntaxKind.SemicolonToken))));

    /// <summary>The expression in a method that <see cref="Method"/> made.</summary>
    public static SyntaxNode In(MethodDeclarationSyntax method, bool isBlock) => isBlock ? method.Body! : ((ReturnStatementSyntax)method.Body!.Statements[0]).Expression!;
}
