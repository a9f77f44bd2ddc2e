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

/// <summary>Stands in for members of <see cref="XContainer"/> and <see cref="XNode"/> that attach.</summary>
public static class ChargedXContainer
{
    /// <summary><c>container.Add(content)</c>.</summary>
    public static void ChargedAdd(this XContainer container, object? content)
    {
        container.Add(Charged.Content(content));
        (content is XNode && container.LastNode is { } last ? last : container).Attached();
    }

    /// <summary><c>container.Add(content, …)</c>.</summary>
    public static void ChargedAdd(this XContainer container, params object?[] content)
    {
        container.Add(Charged.Content(content));
        container.Attached();
    }

    /// <summary><c>container.AddFirst(content, …)</c>.</summary>
    public static void ChargedAddFirst(this XContainer container, params object?[] content)
    {
        container.AddFirst(Charged.Content(content));
        container.Attached();
    }

    /// <summary><c>container.ReplaceNodes(content, …)</c>.</summary>
    public static void ChargedReplaceNodes(this XContainer container, params object?[] content)
    {
        container.ReplaceNodes(Charged.Content(content));
        container.Attached();
    }

    /// <summary><c>node.AddAfterSelf(content, …)</c>.</summary>
    public static void ChargedAddAfterSelf(this XNode node, params object?[] content)
    {
        node.AddAfterSelf(Charged.Content(content));
        node.Parent?.Attached();
    }

    /// <summary><c>node.AddBeforeSelf(content, …)</c>.</summary>
    public static void ChargedAddBeforeSelf(this XNode node, params object?[] content)
    {
        node.AddBeforeSelf(Charged.Content(content));
        node.Parent?.Attached();
    }

    /// <summary><c>node.ReplaceWith(content, …)</c>.</summary>
    public static void ChargedReplaceWith(this XNode node, params object?[] content)
    {
        var parent = node.Parent;
        node.ReplaceWith(Charged.Content(content));
        parent?.Attached();
    }
}

/// <summary>Reads XML without document types, and charges for it.</summary>
internal static class XmlText
{
    // White space between elements is left out, as by the methods that this stands in for.
    private static readonly XmlReaderSettings _settings = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, IgnoreWhitespace = true };

    public static T Read<T>(string text, Func<XmlReader, T> load)
        where T : XNode
    {
        Budget.Spend(text?.Length ?? 0);
        using var reader = XmlReader.Create(new StringReader(text!), _settings);
        using var charged = new XmlChargedReader(reader);
        return load(charged).Attached().Looked();
    }
}
