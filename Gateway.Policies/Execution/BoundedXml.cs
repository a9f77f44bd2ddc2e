using System.Xml;
using System.Xml.Linq;

namespace Gateway.Policies.Execution;

/// <summary>Reads XML that comes from outside: without document types, so without entities, and no deeper than code that recurses can follow.</summary>
internal static class BoundedXml
{
    /// <summary>The deepest nesting.</summary>
    public const int MaximumDepth = 128;

    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };
    private static readonly XmlReaderSettings s_ofData = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true };

    /// <summary>A reader of a text.</summary>
    public static XmlReader Reader(string text) => XmlReader.Create(new StringReader(text), s_settings);

    /// <summary>Looks whether a reader has gone too deep.</summary>
    /// <exception cref="XmlException">It has.</exception>
    public static void CheckDepth(XmlReader reader)
    {
        if (reader.Depth > MaximumDepth)
        {
            throw new XmlException($"XML may be nested {MaximumDepth} levels deep at most.");
        }
    }

    /// <summary>Looks whether a text is well-formed.</summary>
    /// <exception cref="XmlException">It is not, is nested too deep, or has a document type.</exception>
    public static void Check(string text)
    {
        using var reader = Reader(text);
        while (reader.Read())
        {
            CheckDepth(reader);
        }
    }

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isData">True: white space between elements means nothing and is left out.</param>
    /// <exception cref="XmlException">It is not well-formed, is nested too deep, or has a document type.</exception>
    public static XDocument Parse(string text, bool isData = false)
    {
        Check(text);
        using var reader = XmlReader.Create(new StringReader(text), isData ? s_ofData : s_settings);
        return XDocument.Load(reader, LoadOptions.SetLineInfo);
    }
}
