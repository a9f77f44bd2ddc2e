using Gateway.Policies.Expressions.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gateway.PolicyCompiler.Programs;

/// <summary>The parts of compilations that do not depend on the expressions.</summary>
internal sealed class ProgramBase
{
    /// <summary>The language of expressions: that of the reference product, which is fixed.</summary>
    public static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp7_3, DocumentationMode.None);

    private const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        using System.Text;
        using System.Text.RegularExpressions;
        using System.Xml.Linq;
        using System.Security.Cryptography;
        using System.Security.Cryptography.X509Certificates;
        using System.Net;
        using Newtonsoft.Json;
        using Newtonsoft.Json.Linq;
        using Gateway.Policies.Expressions.Api;
        using RSACng = System.Security.Cryptography.RSA;

        """;

    private static readonly CompilationUnitSyntax _checked = SyntaxFactory.ParseCompilationUnit($"{Usings}static class __Expressions {{ }}", options: Language);

    private static readonly CompilationUnitSyntax _rewritten = SyntaxFactory.ParseCompilationUnit(
        $"{Usings}using {AllowList.RuntimeNamespace};\npublic static class {ExpressionProgram.TypeName} {{ }}", options: Language);

    private readonly CSharpCompilation _compilation;

    public ProgramBase(ExpressionApi api) => _compilation = CSharpCompilation.Create(
        "expressions",
        references: api.References,
        options: new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            checkOverflow: false,
            allowUnsafe: false,
            deterministic: true,
            concurrentBuild: false,
            generalDiagnosticOption: ReportDiagnostic.Suppress,
            metadataImportOptions: MetadataImportOptions.Public));

    /// <summary>A compilation of expressions as they were written.</summary>
    public CSharpCompilation ToCheck(IEnumerable<MemberDeclarationSyntax> methods) => With(_checked, methods);

    /// <summary>
    /// A compilation of charged expressions. Every program has the same assembly name, as each is loaded into a context of its own: with
    /// another name the compiler would bind its references anew.
    /// </summary>
    public CSharpCompilation ToEmit(IEnumerable<MemberDeclarationSyntax> methods) => With(_rewritten, methods);

    private CSharpCompilation With(CompilationUnitSyntax unit, IEnumerable<MemberDeclarationSyntax> methods)
    {
        var type = (ClassDeclarationSyntax)unit.Members[0];
        unit = unit.ReplaceNode(type, type.WithMembers(SyntaxFactory.List(methods)));
        return _compilation.AddSyntaxTrees(CSharpSyntaxTree.Create(unit, Language));
    }
}
