using System.Xml;
using System.Xml.Linq;
using Gateway.Policies.Execution;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>How names of JSON stand for what XML has more.</summary>
/// <param name="Separator">Between a prefix and a name.</param>
/// <param name="NamespacePrefix">Begins the names that declare namespaces; empty for none.</param>
/// <param name="AttributeBlock">Names the objects whose properties are attributes; empty for none.</param>
internal readonly record struct XmlNames(string Separator, string NamespacePrefix, string AttributeBlock);

/// <summary>Between XML and JSON, by the conventions of Newtonsoft.Json.</summary>
internal static class XmlJson
{
    private const string Root = "Document";
    private const string Declaration = "?xml";
    private static readonly XmlWriterSettings s_writing = new() { OmitXmlDeclaration = true, Encoding = new System.Text.UTF8Encoding(false) };

    /// <summary>A document as JSON.</summary>
    /// <param name="document">The document.</param>
    /// <param name="friendly">True: names without the signs of attributes and texts, and no declaration.</param>
    /// <param name="alwaysLists">True: each child element is a list.</param>
    public static string ToJson(XDocument document, bool friendly, bool alwaysLists)
    {
        var json = JToken.Parse(JsonConvert.SerializeXNode(document));
        if (friendly)
        {
            (json as JObject)?.Remove(Declaration);
        }

        return (friendly || alwaysLists ? Rename(json, friendly, alwaysLists, isTop: true) : json).ToString(Newtonsoft.Json.Formatting.None);
    }

    /// <summary>A text of JSON as a document, in UTF-8.</summary>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    /// <exception cref="XmlException">A name cannot be one in XML.</exception>
    public static byte[] ToXml(string json, bool parsesDates, XmlNames names)
    {
        using var reader = new JsonTextReader(new StringReader(json))
        {
            MaxDepth = BoundedXml.MaximumDepth,
            DateParseHandling = parsesDates ? DateParseHandling.DateTime : DateParseHandling.None,
        };
        var value = JToken.Load(reader);
        var prepared = value is JObject or JArray ? Prepare(value, names, []) : new JObject { ["#text"] = value };
        var serializer = new JsonSerializer { DateParseHandling = DateParseHandling.None, MaxDepth = null };
        serializer.Converters.Add(new Newtonsoft.Json.Converters.XmlNodeConverter());
        var document = new JObject { [Root] = prepared is JArray list ? new JObject { ["Item"] = list } : prepared }.ToObject<XDocument>(serializer)!;
        using var written = new MemoryStream();
        using (var writer = XmlWriter.Create(written, s_writing))
        {
            document.Save(writer);
        }

        return written.ToArray();
    }

    private static JToken Rename(JToken token, bool friendly, bool alwaysLists, bool isTop)
    {
        switch (token)
        {
            case JObject value:
                var renamed = new JObject();
                foreach (var (name, member) in value)
                {
                    var plain = friendly && name[0] is '@' or '#' ? name[1..] : name;
                    var made = Rename(member!, friendly, alwaysLists, isTop: false);
                    var isElement = name[0] is not ('@' or '#' or '?');
                    renamed[value.ContainsKey(plain) ? name : plain] = alwaysLists && isElement && !isTop && made is not JArray ? new JArray(made) : made;
                }

                return renamed;
            case JArray list:
                return new JArray(list.Select(item => Rename(item, friendly, alwaysLists, isTop: false)));
            default:
                return token;
        }
    }

    /// <summary>Gives attributes and namespaces the names by which the converter knows them.</summary>
    private static JToken Prepare(JToken token, XmlNames names, HashSet<string> prefixes)
    {
        switch (token)
        {
            case JArray list:
                return new JArray(list.Select(item => Prepare(item, names, prefixes)));
            case JObject value:
                HashSet<string> known = names.NamespacePrefix.Length == 0 ? prefixes : [.. prefixes, .. value.Properties().Select(property => Declared(property.Name, names)).OfType<string>()];
                var prepared = new JObject();
                foreach (var (name, member) in value)
                {
                    if (name == names.AttributeBlock && member is JObject attributes)
                    {
                        foreach (var (attribute, text) in attributes)
                        {
                            prepared[$"@{Qualify(attribute, names, known)}"] = text;
                        }
                    }
                    else if (Declared(name, names) is { } prefix)
                    {
                        prepared[prefix.Length == 0 ? "@xmlns" : $"@xmlns:{prefix}"] = member;
                    }
                    else
                    {
                        // A document type is no data.
                        prepared[Qualify(name.TrimStart('!'), names, known)] = Prepare(member!, names, known);
                    }
                }

                return prepared;
            default:
                return token;
        }
    }

    private static string? Declared(string name, XmlNames names) =>
        names.NamespacePrefix.Length == 0 || !name.StartsWith(names.NamespacePrefix, StringComparison.Ordinal) ? null
        : name.Length == names.NamespacePrefix.Length ? ""
        : name.AsSpan(names.NamespacePrefix.Length).StartsWith(names.Separator) ? name[(names.NamespacePrefix.Length + names.Separator.Length)..]
        : null;

    private static string Qualify(string name, XmlNames names, HashSet<string> prefixes)
    {
        var at = name.IndexOf(names.Separator, StringComparison.Ordinal);
        return at > 0 && prefixes.Contains(name[..at]) ? $"{name[..at]}:{name[(at + names.Separator.Length)..]}" : name;
    }
}
