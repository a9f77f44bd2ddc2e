using System.Text;
using System.Xml;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Policies;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>
/// Writes what the documents of all scopes come to for one operation: the policies in the order they run, no <c>base</c> left, each run of them
/// under a comment that says whose they are. It is flattened by what gateways run.
/// </summary>
public static class EffectivePolicy
{
    /// <summary>The effective document as XML, named values as they stand; or the findings of documents that cannot be read.</summary>
    /// <param name="documents">At most one for each scope, each of exactly one scope.</param>
    public static (string? Text, IReadOnlyList<PolicyDiagnostic> Findings) Explain(IReadOnlyList<PolicySource> documents)
    {
        var diagnostics = new PolicyDiagnostics();
        var read = documents.ToDictionary(source => source.Scope, source => Read(source, diagnostics));
        if (diagnostics.HasErrors)
        {
            return (null, diagnostics.All);
        }

        PolicyDocument? Of(PolicyScope scope) => read.GetValueOrDefault(scope);
        var global = Of(PolicyScope.Global) ?? Default();
        return (Write(PolicyPipeline.Flatten(global, Of(PolicyScope.Product), Of(PolicyScope.Api), Of(PolicyScope.Operation))), []);
    }

    private static PolicyDocument Default() => Read(
        new PolicySource { Text = "<policies><backend><forward-request /></backend></policies>", Scope = PolicyScope.Global }, new PolicyDiagnostics());

    private static PolicyDocument Read(PolicySource source, PolicyDiagnostics diagnostics)
    {
        // A named value that stands for itself is shown where it stands.
        var asWritten = source with { NamedValues = name => new NamedValue($"{{{{{name}}}}}", IsSecret: false) };
        var reading = PolicyXmlReader.Read(asWritten, diagnostics);
        var fragments = new IncludedFragments(asWritten, reading.Root, diagnostics);
        var program = new Programs.ProgramSource(reading.Expressions.Concat(fragments.Expressions).Select(expression => expression.Text));
        var root = reading.Root is null ? new PolicyElement { Name = "policies" } : fragments.PutInto(PolicyDraft.Number(reading.Root, reading, program), program, diagnostics);
        return PolicyDocument.Parse(
            new PolicyTree { Root = root },
            new PolicyParsing(source.Scope, diagnostics),
            (element, _) => new PolicyStep(element.Name, new Shown(element, program.Slots), source.Scope, null) { Forwards = StepParser.Forwards(element) });
    }

    private static string Write(PolicyPipeline pipeline)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, IndentChars = "    ", OmitXmlDeclaration = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("policies");
            foreach (var section in PolicySection.All.Each())
            {
                xml.WriteStartElement(section.Name());
                PolicyScope? scope = null;
                foreach (var step in pipeline[section])
                {
                    if (step.Scope != scope)
                    {
                        xml.WriteComment($" {step.Scope.Name()} ");
                        scope = step.Scope;
                    }

                    ((Shown)step.Policy).Write(xml);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        return text.ToString();
    }

    /// <summary>A policy that is only shown.</summary>
    private sealed class Shown(PolicyElement element, IReadOnlyList<string> slots) : IPolicy
    {
        public ValueTask ExecuteAsync(PolicyContext context) => throw new InvalidOperationException("A policy that is shown does not run.");

        public void Write(XmlWriter xml) => Write(xml, element);

        private void Write(XmlWriter xml, PolicyElement shown)
        {
            xml.WriteStartElement(shown.Name);
            foreach (var attribute in shown.Attributes)
            {
                xml.WriteAttributeString(attribute.Name, TextOf(attribute.Value));
            }

            if (shown.Text is { } text)
            {
                xml.WriteString(TextOf(text.Value));
            }

            foreach (var child in shown.Children)
            {
                Write(xml, child);
            }

            xml.WriteEndElement();
        }

        private string TextOf(PolicyValue value) => value.Literal ?? slots[value.Slot];
    }
}
