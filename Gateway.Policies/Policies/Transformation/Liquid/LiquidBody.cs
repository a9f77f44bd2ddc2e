using System.Globalization;
using System.Xml.Linq;
using Fluid.Values;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Expressions.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Transformation.Liquid;

/// <summary>
/// The body as templates see it: JSON as it is, XML by the local names of its elements in any case, repeated ones as lists, attributes as members
/// too; anything else as text.
/// </summary>
/// <param name="ofResponse">True for the response's body.</param>
/// <param name="parsesDates">True: texts that are dates become dates.</param>
/// <param name="nilIsNull">True: an element with <c>xsi:nil="true"</c> is null; false: an empty text.</param>
internal sealed class LiquidBody(bool ofResponse, bool parsesDates, bool nilIsNull)
{
    private static readonly XName s_nil = XName.Get("nil", "http://www.w3.org/2001/XMLSchema-instance");

    /// <summary>The body, which is in memory; nil when there is none.</summary>
    /// <exception cref="InvalidOperationException">It is not what its content type says, or has a content encoding that is not known.</exception>
    public FluidValue Read(PolicyContext context)
    {
        var bytes = (ofResponse ? context.Expressions.ResponseBody : context.RequestBody).GetValueOrDefault();
        var headers = ofResponse ? context.Http.Response.Headers : context.Http.Request.Headers;
        bytes = ContentCoding.Decode(bytes, headers.ContentEncoding.ToString().Trim());
        if (bytes.IsEmpty)
        {
            return NilValue.Instance;
        }

        string? type = headers.ContentType;
        var charset = BodyText.Charset(type);
        return BodyKinds.IsJson(type) ? OfJson(ParseJson(BodyText.Read<string>(bytes, charset)))
            : BodyKinds.IsXml(type) ? OfDocument(BodyText.Read<XDocument>(bytes, charset))
            : new StringValue(BodyText.Read<string>(bytes, charset));
    }

    /// <summary>A value of JSON as templates see it.</summary>
    public static FluidValue OfJson(JToken token) => token switch
    {
        JObject value => OfObject(value),
        JArray list => new ArrayValue([.. list.Select(OfJson)]),
        JValue { Value: null } => NilValue.Instance,
        JValue { Value: bool truth } => BooleanValue.Create(truth),
        JValue { Value: long number } => NumberValue.Create(number),
        JValue { Value: double number } when Math.Abs(number) < 7.9e27 => NumberValue.Create((decimal)number),
        JValue { Value: decimal number } => NumberValue.Create(number),
        JValue { Value: DateTime date } => new LiquidDate(new(DateTime.SpecifyKind(date, DateTimeKind.Utc))),
        JValue { Value: DateTimeOffset date } => new LiquidDate(date),
        _ => new StringValue(token.ToString()),
    };

    /// <summary>An element of XML as templates see it.</summary>
    public FluidValue OfElement(XElement element)
    {
        if ((string?)element.Attribute(s_nil) is "true" or "1")
        {
            return nilIsNull ? NilValue.Instance : StringValue.Empty;
        }

        if (!element.HasElements && !element.Attributes().Any(attribute => !attribute.IsNamespaceDeclaration))
        {
            return new StringValue(element.Value);
        }

        var members = new Dictionary<string, FluidValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var children in element.Elements().GroupBy(child => child.Name.LocalName, StringComparer.OrdinalIgnoreCase))
        {
            FluidValue[] values = [.. children.Select(OfElement)];
            members[children.Key] = values is [var only] ? only : new ArrayValue(values);
        }

        foreach (var attribute in element.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
        {
            members.TryAdd($"@{attribute.Name.LocalName}", new StringValue(attribute.Value));
        }

        return new LiquidNode(
            name => members.GetValueOrDefault(name) ?? members.GetValueOrDefault($"@{name}"),
            () => members.Where(member => member.Key[0] != '@'),
            element.HasElements ? "" : element.Value);
    }

    private static LiquidNode OfObject(JObject value)
    {
        var members = new Dictionary<string, FluidValue>(value.Count, StringComparer.Ordinal);
        foreach (var (name, member) in value)
        {
            members[name] = member is null ? NilValue.Instance : OfJson(member);
        }

        return LiquidNode.Of(members, value.Count == 0 ? "{}" : "");
    }

    private LiquidNode OfDocument(XDocument document) => LiquidNode.Of(
        new Dictionary<string, FluidValue>(StringComparer.OrdinalIgnoreCase) { [document.Root!.Name.LocalName] = OfElement(document.Root) });

    private JToken ParseJson(string text)
    {
        try
        {
            using var reader = new JsonChargedReader(text) { DateParseHandling = parsesDates ? DateParseHandling.DateTime : DateParseHandling.None, DateTimeZoneHandling = DateTimeZoneHandling.Utc, Culture = CultureInfo.InvariantCulture };
            return JToken.Load(reader);
        }
        catch (JsonException e)
        {
            throw new InvalidOperationException("The body is not well-formed JSON, or nested too deep.", e);
        }
    }
}
