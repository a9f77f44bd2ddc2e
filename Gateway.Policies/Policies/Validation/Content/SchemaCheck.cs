using System.Xml;
using System.Xml.Schema;
using Newtonsoft.Json;

namespace Gateway.Policies.Policies.Validation.Content;

/// <summary>Looks whether bodies can be judged by a schema, before there are any.</summary>
public static class SchemaCheck
{
    private const int MostCharacters = 300;

    /// <summary>What is wrong with a schema; null when nothing is.</summary>
    /// <param name="type"><c>json</c> or <c>xml</c>.</param>
    /// <param name="text">The schema.</param>
    public static SchemaFault? Find(string type, string text)
    {
        try
        {
            if (type == "xml")
            {
                XmlBodySchema.Make(text, ofSoap: false);
            }
            else
            {
                JsonBodySchema.Make(text, new SchemaUse(ContentForm.Json, null, null, false));
            }

            return null;
        }
        catch (UnusableSchemaException e)
        {
            return new(e.Message, e.Line, e.Column);
        }
        catch (XmlSchemaException e)
        {
            return new($"It is no XML schema: {Short(e.Message)}", e.LineNumber, e.LinePosition);
        }
        catch (XmlException e)
        {
            return new("It is not well-formed XML, or has a document type, or is nested too deep.", e.LineNumber, e.LinePosition);
        }
        catch (System.Text.Json.JsonException e)
        {
            var (line, column) = e.InnerException is JsonReaderException inner ? (inner.LineNumber, inner.LinePosition)
                : e.LineNumber is { } at ? ((int)at + 1, (int)(e.BytePositionInLine ?? 0) + 1)
                : (0, 0);
            return new("It is not well-formed JSON, or names a property twice, or is nested too deep.", line, column);
        }
    }

    private static string Short(string message) => message.Length <= MostCharacters ? message : $"{message[..MostCharacters]}…";
}

/// <summary>Why bodies cannot be judged by a schema.</summary>
/// <param name="Message">A sentence that begins with <c>It</c>.</param>
/// <param name="Line">The line of its text, from 1; 0 when that is not known.</param>
/// <param name="Column">The column, from 1.</param>
public sealed record SchemaFault(string Message, int Line, int Column);
