using System.Xml;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Reads XML and charges each node.</summary>
internal sealed class XmlChargedReader(XmlReader reader) : XmlReader
{
    /// <inheritdoc/>
    public override int AttributeCount => reader.AttributeCount;

    /// <inheritdoc/>
    public override string BaseURI => reader.BaseURI;

    /// <inheritdoc/>
    public override int Depth => reader.Depth;

    /// <inheritdoc/>
    public override bool EOF => reader.EOF;

    /// <inheritdoc/>
    public override bool IsEmptyElement => reader.IsEmptyElement;

    /// <inheritdoc/>
    public override string LocalName => reader.LocalName;

    /// <inheritdoc/>
    public override string NamespaceURI => reader.NamespaceURI;

    /// <inheritdoc/>
    public override XmlNameTable NameTable => reader.NameTable;

    /// <inheritdoc/>
    public override XmlNodeType NodeType => reader.NodeType;

    /// <inheritdoc/>
    public override string Prefix => reader.Prefix;

    /// <inheritdoc/>
    public override ReadState ReadState => reader.ReadState;

    /// <inheritdoc/>
    public override string Value => reader.Value;

    /// <inheritdoc/>
    public override string GetAttribute(int i) => reader.GetAttribute(i);

    /// <inheritdoc/>
    public override string? GetAttribute(string name) => reader.GetAttribute(name);

    /// <inheritdoc/>
    public override string? GetAttribute(string name, string? namespaceURI) => reader.GetAttribute(name, namespaceURI);

    /// <inheritdoc/>
    public override string? LookupNamespace(string prefix) => reader.LookupNamespace(prefix);

    /// <inheritdoc/>
    public override bool MoveToAttribute(string name) => reader.MoveToAttribute(name);

    /// <inheritdoc/>
    public override bool MoveToAttribute(string name, string? ns) => reader.MoveToAttribute(name, ns);

    /// <inheritdoc/>
    public override bool MoveToElement() => reader.MoveToElement();

    /// <inheritdoc/>
    public override bool MoveToFirstAttribute() => reader.MoveToFirstAttribute();

    /// <inheritdoc/>
    public override bool MoveToNextAttribute()
    {
        Budget.Spend(8);
        return reader.MoveToNextAttribute();
    }

    /// <inheritdoc/>
    public override bool Read()
    {
        Budget.Spend(8);
        return reader.Depth <= TreeDepth.Maximum ? reader.Read() : throw new XmlException($"XML may be nested {TreeDepth.Maximum} levels deep at most.");
    }

    /// <inheritdoc/>
    public override bool ReadAttributeValue() => reader.ReadAttributeValue();

    /// <inheritdoc/>
    public override void ResolveEntity() => throw new XmlException("Entities of its own may not be used.");
}
