using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;

namespace Gateway.Policies.Policies.Transformation;

/// <summary>
/// Replaces each occurrence of a text in the body: of the request in inbound and backend, of the response in outbound and on-error. The
/// text is searched as it stands, in the charset of the content type. A body that does not hold it stays as it is, compressed or not;
/// one that does is sent without its content encoding.
/// </summary>
public sealed class FindAndReplacePolicy : IPolicy<FindAndReplacePolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "find-and-replace" };

    /// <summary><c>from</c>: the text to search for; required, not empty. May be an expression.</summary>
    public required PolicySetting<string> From { get; init; }

    /// <summary><c>to</c>: the text in its place; required, empty deletes. May be an expression.</summary>
    public required PolicySetting<string> To { get; init; }

    /// <summary>True for the response's body.</summary>
    public bool OfResponse { get; init; }

    /// <inheritdoc/>
    public static FindAndReplacePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var from = read.Untrimmed("from", text => text.Length == 0 ? "The attribute 'from' must not be empty." : null);
        var to = read.Untrimmed("to");
        read.End();
        return from is { } old && to is { } made ? new() { From = old, To = made, OfResponse = parsing.ActsOnResponse } : null;
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        var (from, to) = (From.For(context), To.For(context));
        if (await PlainBody.ReadAsync(context, OfResponse, Descriptor.Name) is { } body
            && ByteText.Replace(body.Bytes.Span, body.Charset.GetBytes(from), body.Charset.GetBytes(to), context.BodyLimit, Descriptor.Name) is { } replaced)
        {
            await body.ReplaceAsync(replaced);
        }
    }
}
