using System.Text;
using System.Text.Json;
using Gateway.Policies.Execution;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using JsonException = System.Text.Json.JsonException;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>
/// Reads JSON as the standard has it, so that no backend can read a body in another way than it was judged: no comments, nothing after the value, no
/// property twice, and no deeper than code that recurses can follow.
/// </summary>
internal static class StrictJson
{
    private static readonly JsonReaderOptions s_options = new() { MaxDepth = BoundedXml.MaximumDepth };
    private static readonly JsonLoadSettings s_settings = new() { DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error };

    /// <summary>Reads a text.</summary>
    /// <exception cref="JsonException">It is not well-formed.</exception>
    public static JToken Parse(string text)
    {
        Check(text);
        try
        {
            using var reader = new JsonTextReader(new StringReader(text)) { MaxDepth = BoundedXml.MaximumDepth, DateParseHandling = DateParseHandling.None };
            return JToken.Load(reader, s_settings);
        }
        catch (Newtonsoft.Json.JsonException e)
        {
            throw new JsonException("The text has a property twice, or a number that is too long.", e);
        }
    }

    /// <summary>Looks whether a text is well-formed.</summary>
    /// <exception cref="JsonException">It is not.</exception>
    public static void Check(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), s_options);
        while (reader.Read())
        {
        }
    }
}
