using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Runtime;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Caching;

/// <summary>
/// Values as bytes with their type, so that a cache may be shared by requests, which change objects, and by processes. The first byte is the type; it is
/// written to stores, so numbers are added and never reused.
/// </summary>
internal static class CachedValue
{
    private enum Kind : byte
    {
        Null = 0,
        Text = 1,
        Truth = 2,
        Int32 = 3,
        Int64 = 4,
        Double = 5,
        Decimal = 6,
        Time = 7,
        TimeWithOffset = 8,
        Period = 9,
        Id = 10,
        Bytes = 11,
        Json = 12,
        Element = 13,
        Document = 14,
        Response = 15,
    }

    /// <summary>The bytes of a value. Runs on the budget of an expression.</summary>
    /// <exception cref="InvalidCastException">Values of that type cannot be kept.</exception>
    public static ReadOnlyMemory<byte> Write(object? value) => value switch
    {
        null => new[] { (byte)Kind.Null },
        string text => Write(Kind.Text, text),
        char character => Write(Kind.Text, character.ToString()),
        bool truth => new[] { (byte)Kind.Truth, truth ? (byte)1 : (byte)0 },
        int or short or ushort or byte or sbyte => Write(Kind.Int32, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        long or uint => Write(Kind.Int64, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        ulong and <= long.MaxValue => Write(Kind.Int64, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double or float => Write(Kind.Double, BitConverter.DoubleToInt64Bits(Convert.ToDouble(value, CultureInfo.InvariantCulture))),
        decimal number => Write(Kind.Decimal, number.ToString(CultureInfo.InvariantCulture)),
        DateTime time => Write(Kind.Time, time.ToBinary()),
        DateTimeOffset time => Write(Kind.TimeWithOffset, time.ToString("O", CultureInfo.InvariantCulture)),
        TimeSpan period => Write(Kind.Period, period.Ticks),
        Guid id => Write(Kind.Id, id.ToByteArray()),
        byte[] bytes => Write(Kind.Bytes, bytes),
        JToken token => Write(Kind.Json, ChargedJson.Write(token, Formatting.None)),
        XElement element => Write(Kind.Element, element.ToString(SaveOptions.DisableFormatting)),
        XDocument document => Write(Kind.Document, document.ToString(SaveOptions.DisableFormatting)),
        IResponse response => CachedResponse.Write((byte)Kind.Response, response),
        _ => throw new InvalidCastException(
            $"A value of type {value.GetType().Name} cannot be cached: only text, numbers, dates, truth values, bytes, JSON, XML and responses can."),
    };

    /// <summary>The value of bytes; a copy of its own. Runs on the budget of an expression.</summary>
    /// <exception cref="FormatException">They are not what this version writes.</exception>
    public static object? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            throw new FormatException("The cached value has no type.");
        }

        var content = bytes[1..];
        return (Kind)bytes[0] switch
        {
            Kind.Null => null,
            Kind.Text => Text(content),
            Kind.Truth => content is [1],
            Kind.Int32 => (int)Number(content),
            Kind.Int64 => Number(content),
            Kind.Double => BitConverter.Int64BitsToDouble(Number(content)),
            Kind.Decimal => decimal.Parse(Text(content), CultureInfo.InvariantCulture),
            Kind.Time => DateTime.FromBinary(Number(content)),
            Kind.TimeWithOffset => DateTimeOffset.ParseExact(Text(content), "O", CultureInfo.InvariantCulture),
            Kind.Period => TimeSpan.FromTicks(Number(content)),
            Kind.Id => content.Length == 16 ? new Guid(content) : throw new FormatException("The cached value is no GUID."),
            Kind.Bytes => Bytes(content),
            Kind.Json => ChargedJson.Read(Text(content)),
            Kind.Element => ChargedXElement.Parse(Text(content)),
            Kind.Document => ChargedXDocument.Parse(Text(content)),
            Kind.Response => CachedResponse.Read(content),
            _ => throw new FormatException("The cached value has a type that this version does not know."),
        };
    }

    private static ReadOnlyMemory<byte> Write(Kind kind, string text)
    {
        var bytes = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        bytes[0] = (byte)kind;
        Encoding.UTF8.GetBytes(text, bytes.AsSpan(1));
        return bytes;
    }

    private static ReadOnlyMemory<byte> Write(Kind kind, long number)
    {
        var bytes = new byte[1 + sizeof(long)];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(1), number);
        return bytes;
    }

    private static ReadOnlyMemory<byte> Write(Kind kind, byte[] content) => (byte[])[(byte)kind, .. content];

    private static string Text(ReadOnlySpan<byte> content)
    {
        Budget.Reserve(2L * content.Length);
        return Encoding.UTF8.GetString(content);
    }

    private static byte[] Bytes(ReadOnlySpan<byte> content)
    {
        Budget.Reserve(content.Length);
        return content.ToArray();
    }

    private static long Number(ReadOnlySpan<byte> content) =>
        content.Length == sizeof(long) ? BinaryPrimitives.ReadInt64LittleEndian(content) : throw new FormatException("The cached value is no number.");
}
