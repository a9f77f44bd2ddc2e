using System.Text;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>The URL template of an operation, and the names that its parameters have there.</summary>
/// <param name="Text">The template.</param>
/// <param name="Names">Names in the template, each with its name in the document.</param>
internal sealed record OperationTemplate(string Text, IReadOnlyList<(string Name, string Original)> Names)
{
    /// <summary>Makes a template from a path of the document. Characters that a parameter's name may not have become dashes.</summary>
    /// <param name="path">The path.</param>
    /// <param name="parameters">The operation's parameters.</param>
    /// <param name="requiredQueryInTemplate">True: required query parameters become a part of the template.</param>
    public static OperationTemplate From(string path, IEnumerable<IOpenApiParameter> parameters, bool requiredQueryInTemplate)
    {
        var names = new List<(string, string)>();
        var text = new StringBuilder();
        var rest = path.AsSpan();
        while (rest.IndexOf('{') is var start and >= 0 && rest[start..].IndexOf('}') is var length and > 0)
        {
            text.Append(rest[..start]);
            Add(rest.Slice(start + 1, length - 1).ToString());
            rest = rest[(start + length + 1)..];
        }

        text.Append(rest);
        if (requiredQueryInTemplate)
        {
            var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            foreach (var parameter in parameters.Where(parameter => parameter is { In: ParameterLocation.Query, Required: true }))
            {
                text.Append(separator).Append(Uri.EscapeDataString(parameter.Name!)).Append('=');
                Add(parameter.Name!);
                separator = '&';
            }
        }

        return new OperationTemplate(text.ToString(), names);

        void Add(string original)
        {
            var bare = original.TrimStart('*', '+');
            var name = string.Concat(bare.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$' ? c : '-'));
            names.Add((name, original));
            text.Append(bare.Length < original.Length ? "{*" : "{").Append(name).Append('}');
        }
    }
}
