using System.Net;
using System.Text.RegularExpressions;
using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>All documents of a collection must be read, and their expressions must be what is written there.</summary>
public sealed partial class CollectedDocumentsTests
{
    [CollectedDocumentsFact]
    public void Documents_OfACollection_AreReadUnlessDamaged()
    {
        var files = Directory.GetFiles(Environment.GetEnvironmentVariable(CollectedDocumentsFactAttribute.Folder)!, "*.xml");
        var broken = (Environment.GetEnvironmentVariable(CollectedDocumentsFactAttribute.Broken) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.NotEmpty(files);

        var wrong = files.Order(StringComparer.Ordinal).Select(file => Judge(file, broken.Contains(Path.GetFileName(file)))).OfType<string>().ToArray();

        Assert.True(wrong.Length == 0, $"{files.Length - wrong.Length} of {files.Length} documents are right.\n{string.Join('\n', wrong)}");
    }

    private static string? Judge(string file, bool isBroken)
    {
        var text = File.ReadAllText(file);
        var diagnostics = new PolicyDiagnostics();
        var reading = PolicyXmlReader.Read(
            new PolicySource { Text = text, Scope = PolicyScope.Api, NamedValues = _ => new NamedValue("10", IsSecret: false) }, diagnostics);
        if (reading.Root is null == isBroken && (isBroken || diagnostics.All.Count == 0))
        {
            var odd = reading.Expressions.FirstOrDefault(expression => !IsAsWritten(expression, text));
            return odd is null ? null : $"{Path.GetFileName(file)}: the expression at {reading.Source.Position(odd.SourceOf(0))} is not as it is written.";
        }

        return $"{Path.GetFileName(file)}: {(isBroken ? "is read though it is damaged" : diagnostics.All[0])}";
    }

    private static bool IsAsWritten(ExpressionText expression, string text)
    {
        var written = NamedValueName.Replace(text[expression.SourceOf(0)..(expression.SourceOf(expression.Text.Length - 1) + 1)], "10");
        return expression.Text[0] == '@' && (written == expression.Text || WebUtility.HtmlDecode(written) == expression.Text);
    }

    [GeneratedRegex(@"\{\{[A-Za-z0-9._-]+\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex NamedValueName { get; }
}
