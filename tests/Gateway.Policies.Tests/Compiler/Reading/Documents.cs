using Gateway.Policies.Documents;
using Gateway.PolicyCompiler;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.Policies.Tests.Compiler.Reading;

/// <summary>Reads documents as far as the reader goes: no policy looks at them.</summary>
internal static class Documents
{
    public static (DocumentReading Reading, IReadOnlyList<PolicyDiagnostic> Findings) Read(string text, params (string Name, string Value)[] namedValues)
    {
        var diagnostics = new PolicyDiagnostics();
        var reading = PolicyXmlReader.Read(Source(text, namedValues), diagnostics);
        return (reading, diagnostics.All);
    }

    public static DocumentReading ReadCorrect(string text, params (string Name, string Value)[] namedValues)
    {
        var (reading, findings) = Read(text, namedValues);
        Assert.Empty(findings);
        return reading;
    }

    public static PolicySource Source(string text, params (string Name, string Value)[] namedValues) => new()
    {
        Text = text,
        Scope = PolicyScope.Api,
        NamedValues = name => namedValues.Where(n => n.Name == name).Select(n => new NamedValue(n.Value, true)).FirstOrDefault(),
    };
}
