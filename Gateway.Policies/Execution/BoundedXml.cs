using System.Xml;
using System.Xml.Linq;

namespace Gateway.Policies.Execution;

/// <summary>Reads XML that comes from outside: without document types, so without entities, and no deeper than code that recurses can follow.</summary>
internal static class BoundedXml
{
    /// <summary>The deepest nesting.</summary>
    public const int MaximumDepth = 128;

    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>A reader of a text.</summary>
    public static XmlReader Reader(string text) => XmlReader.Create(new StringReader(text), s_settings);

    /// <summary>Reads a text.</summary>
    /// <exception cref="XmlException">It is not well-formed, is nested too deep, or has a document type.</exception>
    public static XDocument Parse(string text)
    {
        using (var measure = Reader(text))
        {
            while (measure.Read())
            {
                if (measure.Depth > MaximumDepth)
                {
                    throw new XmlException($"XML may be nested {MaximumDepth} levels deep at most.");
                }
            }
        }

        using var reader = Reader(text);
        return XDocument.Load(reader);
    }
}
