using System.Text;

namespace Gateway.Policies.Execution;

/// <summary>
/// Headers travel as bytes, each a character of ISO 8859-1, so that what a gateway does not touch passes as it came. Policies see and write
/// text: bytes that are UTF-8 are read as such, others as ISO 8859-1, and what is more than ASCII is written as UTF-8.
/// </summary>
internal static class HeaderCoding
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a header's value as it travels. ASCII is not copied.</summary>
    public static string Decode(string value)
    {
        if (Ascii.IsValid(value))
        {
            return value;
        }

        try
        {
            return s_strict.GetString(Encoding.Latin1.GetBytes(value));
        }
        catch (DecoderFallbackException)
        {
            return value;
        }
    }

    /// <summary>A text as it travels. ASCII is not copied.</summary>
    public static string Encode(string text) => Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
