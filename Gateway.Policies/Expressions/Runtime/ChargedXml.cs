using System.Xml;
using System.Xml.Linq;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>XElement.Parse</c>.</summary>
public static class ChargedXElement
{
    /// <summary><c>XElement.Parse(text)</c>.</summary>
    public static XElement Parse(string text) => XmlText.Read(text, reader => XElement.Load(reader));
}

/// <summary>Stands in for <c>XDocument.Parse</c>.</summary>
public static class ChargedXDocument
{
    /// <summary><c>XDocument.Parse(text)</c>.</summary>
    public static XDocument Parse(string text) => XmlText.Read(text, reader => XDocument.Load(reader));
}

/// <summary>Stands in for members of <see cref="XContainer"/>.</summary>
public static class ChargedXContainer
{
    /// <summary><c>container.Add(content)</c>.</summary>
    public static void ChargedAdd(this XContainer container, object? content)
    {
        container.Add(content);
        (content is XNode && container.LastNode is { } last ? last : container).Attached();
    }

    /// <summary><c>container.Add(content, …)</c>.</summary>
    public static void ChargedAdd(this XContainer container, params object?[] content)
    {
        container.Add(content);
        container.Attached();
    }
}

/// <summary>Reads XML without document types, and charges for it.</summary>
internal static class XmlText
{
    private static readonly XmlReaderSettings _settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static T Read<T>(string text, Func<XmlReader, T> load)
        where T : XNode
    {
        Budget.Spend(text?.Length ?? 0);
        using var reader = XmlReader.Create(new StringReader(text!), _settings);
        using var charged = new XmlChargedReader(reader);
        return load(charged).Attached().Looked();
    }
}
