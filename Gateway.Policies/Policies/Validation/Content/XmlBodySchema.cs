using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>An XML schema. Nothing outside of its document is read.</summary>
internal sealed class XmlBodySchema : IBodySchema
{
    private static readonly XNamespace s_schema = XmlSchema.Namespace;
    private readonly XmlSchemaSet _set;
    private readonly bool _ofSoap;

    private XmlBodySchema(XmlSchemaSet set, bool ofSoap) => (_set, _ofSoap) = (set, ofSoap);

    /// <summary>Makes it.</summary>
    /// <exception cref="XmlSchemaException">It is no schema.</exception>
    /// <exception cref="XmlException">It is not well-formed.</exception>
    /// <exception cref="UnusableSchemaException">It has what cannot be judged by.</exception>
    public static XmlBodySchema Make(string source, bool ofSoap)
    {
        var document = BoundedXml.Parse(source);
        foreach (var element in document.Descendants())
        {
            if (element.Name == s_schema + "include" || element.Name == s_schema + "redefine" || (element.Name == s_schema + "import" && element.Attribute("schemaLocation") is not null))
            {
                throw Unusable("It refers to another document.", element);
            }

            if (element.Name == s_schema + "pattern" && element.Attribute("value")?.Value is { } pattern && !XmlPatternCost.IsLow(pattern))
            {
                throw Unusable("One of its patterns could take too long: a pattern may have one unbounded quantifier, and few choices besides.", element);
            }
        }

        var set = new XmlSchemaSet { XmlResolver = null };
        using var reader = document.CreateReader();
        set.Add(null, reader);
        set.Compile();
        return new(set, ofSoap);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Judge(string body)
    {
        var wrong = new List<string>();
        if (!_ofSoap)
        {
            using var whole = BoundedXml.Reader(body);
            whole.MoveToContent();
            Judge(whole, wrong);
            ReadOn(whole);
            return wrong;
        }

        using var reader = BoundedXml.Reader(body);
        if (!SoapBody.MoveIntoEnvelope(reader) || !SoapBody.MoveInto(reader))
        {
            return ["Body of the message is no SOAP envelope with a body."];
        }

        while (SoapBody.MoveToNextContent(reader))
        {
            Judge(reader, wrong);
        }

        // A backend could take another body for the one that was judged.
        if (SoapBody.MoveInto(reader))
        {
            Add(wrong, "Body of the message is a SOAP envelope with more than one body.");
        }

        ReadOn(reader);
        return wrong;
    }

    private static UnusableSchemaException Unusable(string message, IXmlLineInfo at) => new(message, at.LineNumber, at.LinePosition);

    /// <summary>Reads the rest, which must be well-formed as well.</summary>
    private static void ReadOn(XmlReader reader)
    {
        while (reader.Read())
        {
            BoundedXml.CheckDepth(reader);
        }
    }

    /// <summary>Judges the element that the reader stands on, and leaves the reader after its end.</summary>
    private void Judge(XmlReader reader, List<string> wrong)
    {
        if (!_set.GlobalElements.Contains(new XmlQualifiedName(reader.LocalName, reader.NamespaceURI)))
        {
            Add(wrong, "Body of the message has an outermost element that its schema does not define.");
            reader.Skip();
            return;
        }

        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            ValidationFlags = XmlSchemaValidationFlags.ProcessIdentityConstraints | XmlSchemaValidationFlags.AllowXmlAttributes,
            Schemas = _set,
            XmlResolver = null,
        };
        settings.ValidationEventHandler += (_, found) => Add(wrong, string.Create(
            CultureInfo.InvariantCulture, $"Body of the message does not keep to its schema: line {found.Exception.LineNumber}, position {found.Exception.LinePosition}."));
        using (var element = reader.ReadSubtree())
        {
            using var judging = XmlReader.Create(element, settings);
            while (judging.Read())
            {
                BoundedXml.CheckDepth(judging);
            }
        }

        reader.Read();
    }

    private static void Add(List<string> wrong, string sentence)
    {
        if (wrong.Count < IBodySchema.MostFaults)
        {
            wrong.Add(sentence);
        }
    }
}
