using System.Text;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Access;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Makes a script of a JSON answer, which calls the function that the client's query names: for pages of browsers that know no CORS. Without that
/// parameter the answer stays as it is.
/// </summary>
public sealed class JsonpPolicy : IPolicy<JsonpPolicy>
{
    private const int LongestName = 256;

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "jsonp", Sections = PolicySection.Outbound, OncePerBranch = true };

    /// <summary><c>callback-parameter-name</c>: the query parameter with the function's name; required.</summary>
    public required string Parameter { get; init; }

    /// <inheritdoc/>
    public static JsonpPolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var parameter = read.Required("callback-parameter-name");
        read.End();
        return parameter is null ? null : new() { Parameter = parameter };
    }

    /// <inheritdoc/>
    public ValueTask ExecuteAsync(PolicyContext context)
    {
        var query = new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(context.OriginalQuery));
        return query.TryGetValue(Parameter, out var values) && values is [{ Length: > 0 } name] ? WrapAsync(context, name) : ValueTask.CompletedTask;
    }

    private static async ValueTask WrapAsync(PolicyContext context, string name)
    {
        if (!IsIdentifier(name))
        {
            throw AccessRefusals.Make(
                Descriptor.Name, "CallbackParameterInvalid", $"Value of callback parameter {name} is not a valid JavaScript identifier.",
                StatusCodes.Status400BadRequest, "Value of callback parameter is not a valid JavaScript identifier.");
        }

        if (await PlainBody.ReadAsync(context, ofResponse: true, Descriptor.Name) is { } body)
        {
            // The comment keeps the script from being taken for a file of another type by its first characters.
            await body.ReplaceAsync(Encoding.UTF8.GetBytes($"/**/{name}({body.Text});"), "application/javascript; charset=utf-8");
        }
    }

    private static bool IsIdentifier(string name) =>
        name.Length is > 0 and <= LongestName && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
}
