using System.Xml.Linq;
using Gateway.Policies.Documents;

namespace Gateway.Edge.Tests.Harness;

/// <summary>Makes checked trees from XML without expressions, as the compiler would.</summary>
internal static class PolicyXml
{
    public static string Tree(string xml) => new PolicyTree { Root = Element(XElement.Parse(xml)) }.Serialize();

    /// <summary>A document without policies that names a program.</summary>
    public static string OfProgram(string key) => (PolicyTree.Deserialize(Inbound("")) with { Program = key }).Serialize();

    public static string Inbound(string steps) =>
        Tree($"<policies><inbound><base />{steps}</inbound><backend><base /></backend><outbound><base /></outbound><on-error><base /></on-error></policies>");

    public static string Outbound(string steps) =>
        Tree($"<policies><inbound><base /></inbound><backend><base /></backend><outbound><base />{steps}</outbound><on-error><base /></on-error></policies>");

    private static PolicyElement Element(XElement source) => new()
    {
        Name = source.Name.LocalName,
        Attributes = [.. source.Attributes().Select(a => new PolicyAttribute(a.Name.LocalName, PolicyValue.FromLiteral(a.Value), 1, 1))],
        Text = source.HasElements || source.Value.Length == 0 ? null : new PolicyText(PolicyValue.FromLiteral(source.Value), 1, 1),
        Children = [.. source.Elements().Select(Element)],
    };
}
