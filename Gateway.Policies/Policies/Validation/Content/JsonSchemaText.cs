using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Prepares the text of a JSON schema: patterns are taken out, since the library would run them without a bound, and undefined properties allowed or not.</summary>
/// <param name="allowsMore">Whether objects may have properties that the schema does not define; null as the schema says.</param>
internal sealed class JsonSchemaText(bool? allowsMore)
{
    /// <summary>The property that stands for a pattern: its number in <see cref="Patterns"/>.</summary>
    public const string PatternNumber = "x-gateway-pattern";

    private const string Pattern = "pattern";
    private static readonly TimeSpan s_matchTime = TimeSpan.FromMilliseconds(100);
    private static readonly HashSet<string> s_values = ["enum", "const", "default", "example", "examples", "x-example"];
    private static readonly HashSet<string> s_maps = ["properties", "definitions", "$defs", "schemas", "dependencies", "dependentSchemas"];
    private readonly List<Regex> _patterns = [];

    /// <summary>The patterns that were taken out.</summary>
    public IReadOnlyList<Regex> Patterns => _patterns;

    /// <summary>Prepares a schema and those in it.</summary>
    /// <exception cref="UnusableSchemaException">It has what cannot be judged by.</exception>
    public void Prepare(JToken token)
    {
        if (token is not JObject schema)
        {
            foreach (var item in token.Children())
            {
                Prepare(item);
            }

            return;
        }

        if (schema["patternProperties"] is not null)
        {
            throw Unusable("Schemas with 'patternProperties' are not supported by this version.", schema["patternProperties"]!);
        }

        if (schema["$ref"] is JValue { Value: string reference })
        {
            Check(reference, schema["$ref"]!);
        }

        if (schema[Pattern] is JValue { Value: string pattern } at)
        {
            schema.Remove(Pattern);
            schema[PatternNumber] = _patterns.Count;
            _patterns.Add(Compile(pattern, at));
        }

        // The library knows these words of OpenAPI by other names.
        foreach (var word in (string[])["nullable", "example", "writeOnly"])
        {
            if (schema[word] is { } value)
            {
                schema[$"x-{word}"] = value.DeepClone();
            }
        }

        if (allowsMore is { } allows && schema["properties"] is JObject)
        {
            schema["additionalProperties"] = allows;
        }

        foreach (var property in schema.Properties())
        {
            if (s_maps.Contains(property.Name) && property.Value is JObject map)
            {
                foreach (var named in map.PropertyValues())
                {
                    Prepare(named);
                }
            }
            else if (!s_values.Contains(property.Name))
            {
                Prepare(property.Value);
            }
        }
    }

    /// <summary>A reference leads to a place of the document, or to what has an id there.</summary>
    private static void Check(string reference, JToken at)
    {
        if (!reference.StartsWith('#'))
        {
            throw Unusable("It refers to another document.", at);
        }

        if (reference.StartsWith("#/", StringComparison.Ordinal) && JsonPointer.Follow(at.Root, reference) is null)
        {
            throw Unusable("A reference in it leads nowhere.", at);
        }
    }

    /// <summary>Readers say where a value ends; a text begins its length before, unless it has escapes.</summary>
    private static UnusableSchemaException Unusable(string message, JToken at, Exception? inner = null)
    {
        var end = (IJsonLineInfo)at;
        return new(message, end.LineNumber, Math.Max(end.LinePosition - (at is JValue { Value: string text } ? text.Length + 1 : 0), 1), inner);
    }

    private static Regex Compile(string pattern, JToken at)
    {
        try
        {
            // Without backtracking a match takes time in proportion to the text.
            return new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, s_matchTime);
        }
        catch (NotSupportedException)
        {
            return new(pattern, RegexOptions.CultureInvariant, s_matchTime);
        }
        catch (ArgumentException e)
        {
            throw Unusable("One of its patterns is no regular expression.", at, e);
        }
    }
}
