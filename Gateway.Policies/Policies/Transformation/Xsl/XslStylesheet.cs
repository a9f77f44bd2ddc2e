using System.Xml;
using System.Xml.Linq;
using System.Xml.XPath;
using System.Xml.Xsl;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Transformation.Liquid;

namespace Gateway.Policies.Policies.Transformation.Xsl;

/// <summary>A stylesheet that was read. Each template and loop in it asks first whether it may go on: calls could go on without an end.</summary>
internal sealed class XslStylesheet
{
    private static readonly XNamespace s_xsl = "http://www.w3.org/1999/XSL/Transform";
    private static readonly XNamespace s_guard = XslGuard.Namespace;

    private readonly XslCompiledTransform _transform = new();

    private XslStylesheet(XDocument document)
    {
        using var reader = document.CreateReader();
        // No scripts and no document(): the stylesheet sees what it is given.
        _transform.Load(reader, XsltSettings.Default, null);
    }

    /// <summary>Reads a stylesheet.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    /// <exception cref="XsltException">It is no stylesheet.</exception>
    public static XslStylesheet Read(string text)
    {
        var document = BoundedXml.Parse(text);
        foreach (var element in document.Descendants().Where(element => element.Name == s_xsl + "template" || element.Name == s_xsl + "for-each").ToArray())
        {
            var ask = new XElement(s_xsl + "if", new XAttribute(XNamespace.Xmlns + "gateway-guard", s_guard.NamespaceName), new XAttribute("test", "gateway-guard:Step()"), new XElement(s_xsl + "text", "never"));
            // Parameters and sorting come first.
            if (element.Elements().LastOrDefault(child => child.Name == s_xsl + "param" || child.Name == s_xsl + "sort") is { } head)
            {
                head.AddAfterSelf(ask);
            }
            else
            {
                element.AddFirst(ask);
            }
        }

        return new(document);
    }

    /// <summary>Transforms a document.</summary>
    /// <exception cref="XmlException">It is no XML.</exception>
    /// <exception cref="XsltException">It fails.</exception>
    public string Transform(string xml, XsltArgumentList arguments, int limit)
    {
        arguments.AddExtensionObject(XslGuard.Namespace, XslGuard.Instance);
        using var reader = BoundedXml.Parse(xml).CreateReader();
        using var text = new LiquidWriter(limit);
        using (var writer = XmlWriter.Create(text, _transform.OutputSettings))
        {
            _transform.Transform(new XPathDocument(reader), arguments, writer);
        }

        return text.ToString();
    }
}
