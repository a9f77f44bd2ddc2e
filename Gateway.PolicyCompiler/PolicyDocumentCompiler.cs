using Gateway.Policies.Documents;
using Gateway.Policies.Pipelines;
using Gateway.Policies.Policies;
using Gateway.PolicyCompiler.Reading;

namespace Gateway.PolicyCompiler;

/// <summary>Makes checked trees of policy documents. A pure function: the same source gives the same result.</summary>
public static class PolicyDocumentCompiler
{
    /// <summary>Reads the text, puts named values in their places and checks every element.</summary>
    public static PolicyCompilation Compile(PolicySource source)
    {
        var parsing = new PolicyParsing(source.Scope, new PolicyDiagnostics());
        var namedValues = new NamedValueFiller(source);
        var root = PolicyXmlReader.Read(source.Text, parsing.Diagnostics, namedValues);
        PolicyTree? tree = null;
        if (root is not null)
        {
            tree = new PolicyTree { Root = root };
            PolicyDocument.Parse(tree, parsing);
        }

        return new PolicyCompilation
        {
            Tree = parsing.Diagnostics.HasErrors ? null : tree?.Serialize(),
            Diagnostics = [.. parsing.Diagnostics.All.OrderBy(d => d.Line).ThenBy(d => d.Column)],
            NamedValues = [.. namedValues.Used],
            Backends = [.. parsing.Backends],
        };
    }
}
