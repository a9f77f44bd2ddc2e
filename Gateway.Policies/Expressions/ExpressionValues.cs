using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Runtime;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Expressions;

/// <summary>
/// What expressions give where a policy wants text, a number or a truth value. Only types are turned into text whose text is known to be of
/// use and to end: not lists, nor objects that an expression made up.
/// </summary>
internal static class ExpressionValues
{
    private static readonly XmlWriterSettings s_xml = new() { OmitXmlDeclaration = true, Indent = true, ConformanceLevel = ConformanceLevel.Auto };

    /// <summary>The value as text; null stays null.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        char or bool or Enum or Guid or Uri or StringBuilder or Capture or IPAddress or IUrl => value.ToString(),
        JContainer json => Json(json),
        JToken token => token.ToString(),
        XNode node => Xml(node),
        XObject attribute => attribute.ToString(),
        IFormattable formattable when value.GetType().Assembly == typeof(int).Assembly => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidCastException($"The expression gives a value of type {value.GetType().Name} where text is expected."),
    };

    /// <summary>The value as true or false: what is neither is not guessed at.</summary>
    public static bool Truth(object? value) => value as bool?
        ?? throw new InvalidCastException($"The expression gives {Name(value)} where true or false is expected.");

    /// <summary>The value as a whole number, from any type of number without a fraction, or from text that is one.</summary>
    public static long Integer(object? value) => value switch
    {
        int number => number,
        long number => number,
        short or sbyte or byte or ushort or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong and <= long.MaxValue => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => (long)number,
        float number when number == MathF.Floor(number) && MathF.Abs(number) < 1e15f => (long)number,
        decimal number when number == decimal.Floor(number) && Math.Abs(number) < 1e15m => (long)number,
        string text when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) => number,
        JValue { Value: not JToken and var inner } => Integer(inner),
        _ => throw new InvalidCastException($"The expression gives {Name(value)} where a whole number is expected."),
    };

    /// <summary>What is sent as a body: bytes as they are, all else as text in UTF-8; null is none.</summary>
    public static ReadOnlyMemory<byte> Body(object? value) => value is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(Text(value) ?? "");

    /// <summary>False for a type no value of which is ever true or false.</summary>
    public static bool CanBeTruth(Type type) => type == typeof(object) || Nullable.GetUnderlyingType(type) == typeof(bool) || type == typeof(bool);

    /// <summary>False for a type no value of which is ever a whole number.</summary>
    public static bool CanBeInteger(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain == typeof(object) || plain == typeof(string) || plain == typeof(JToken) || plain == typeof(JValue)
            || (Type.GetTypeCode(plain) is >= TypeCode.SByte and <= TypeCode.Decimal && !plain.IsEnum);
    }

    /// <summary>As its own text, in lines; these are indented, so a short tree can be a long text.</summary>
    private static string Json(JContainer json) => BoundedText.Write(text =>
    {
        using var writer = new JsonChargedWriter(new StringWriter(text, CultureInfo.InvariantCulture)) { Formatting = Newtonsoft.Json.Formatting.Indented };
        json.WriteTo(writer);
    });

    private static string Xml(XNode node) => BoundedText.Write(text =>
    {
        using var writer = XmlWriter.Create(text, s_xml);
        node.WriteTo(writer);
    });

    private static string Name(object? value) => value is null ? "null" : $"a value of type {value.GetType().Name}";
}
