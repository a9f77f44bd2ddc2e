using System.Xml;
using Gateway.Policies.Execution;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Finds what stands in the body of a SOAP envelope, 1.1 or 1.2.</summary>
internal static class SoapBody
{
    private static readonly string[] s_envelopes = ["http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"];

    /// <summary>Moves to the outermost element; false when it is no envelope.</summary>
    /// <exception cref="XmlException">The text is not well-formed.</exception>
    public static bool MoveIntoEnvelope(XmlReader reader)
    {
        reader.MoveToContent();
        return reader.LocalName == "Envelope" && IsOfEnvelope(reader);
    }

    /// <summary>Moves to the next element that is the body of the envelope; false when there is none.</summary>
    /// <exception cref="XmlException">The text is not well-formed, or nested too deep.</exception>
    public static bool MoveInto(XmlReader reader)
    {
        while (reader.Read())
        {
            BoundedXml.CheckDepth(reader);
            if (reader is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "Body" } && IsOfEnvelope(reader))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Moves to the next element in the body; false after the last.</summary>
    /// <exception cref="XmlException">The text is not well-formed.</exception>
    public static bool MoveToNextContent(XmlReader reader)
    {
        var isBody = reader is { NodeType: XmlNodeType.Element, Depth: 1 };
        if (isBody && reader.IsEmptyElement)
        {
            return false;
        }

        // After an element that was skipped the reader stands on what comes next.
        while (isBody || reader is not { NodeType: XmlNodeType.Element, Depth: 2 })
        {
            if (reader is { NodeType: XmlNodeType.EndElement, Depth: 1 } || !reader.Read())
            {
                return false;
            }

            isBody = false;
        }

        return true;
    }

    private static bool IsOfEnvelope(XmlReader reader) => Array.IndexOf(s_envelopes, reader.NamespaceURI) >= 0;
}
