using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Transformation;
using Gateway.Policies.Policies.Validation.Content;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Ends the request with an example from the documentation of the operation, else with one made of the type that it gives the response. No further step of any
/// section runs, on-error neither. Without both the response has the status, the content type, if one is named, and no body.
/// </summary>
public sealed class MockResponsePolicy : IPolicy<MockResponsePolicy>
{
    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new()
    {
        Name = "mock-response",
        Sections = PolicySection.Inbound | PolicySection.Outbound | PolicySection.OnError,
    };

    /// <summary><c>status-code</c>: 200 to 599; 200 by default.</summary>
    public int Status { get; init; } = 200;

    /// <summary><c>content-type</c>: that of the example; by default that of the first.</summary>
    public string? ContentType { get; init; }

    /// <summary><c>index</c>: which of the fitting examples, from 0; the first by default, the last when there are not so many.</summary>
    public int Index { get; init; }

    /// <inheritdoc/>
    public static MockResponsePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var (status, type, index) = (read.Integer("status-code", 200, 599), read.Optional("content-type"), read.Integer("index", 0, 1000));
        if (type is not null && !HeaderText.IsPrintable(type))
        {
            read.Error("content-type", "The attribute 'content-type' may hold only printable ASCII characters.");
        }

        read.End();
        return new() { Status = status ?? 200, ContentType = string.IsNullOrEmpty(type) ? null : type, Index = index ?? 0 };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        if (context.Exchange is { } exchange)
        {
            context.Exchange = null;
            await exchange.DiscardAsync();
            await exchange.DisposeAsync();
        }

        var example = Find(context.ResponseExamples);
        var response = context.Http.Response;
        new ResolvedStatus(Status, null).Apply(context);
        response.Headers.ContentLength = null;
        response.Headers.ContentType = example?.ContentType ?? ContentType;
        context.ResponseBody = example is { Body.IsEmpty: false } ? example.Body : Sample(context, example?.ContentType ?? ContentType);
        context.Complete();
    }

    private ResponseExample? Find(IReadOnlyList<ResponseExample> examples)
    {
        var (left, found) = (Index, (ResponseExample?)null);
        foreach (var example in examples)
        {
            if (example.Status == Status && (ContentType is null || IsOf(example.ContentType)))
            {
                found = example;
                if (left-- == 0)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>An example made of the type that the operation's definition gives the response; nothing without one, or when it cannot be used.</summary>
    private ReadOnlyMemory<byte> Sample(PolicyContext context, string? contentType)
    {
        var defined = context.Operation?.Shape.Responses.GetValueOrDefault(Status)?.Bodies.FirstOrDefault(body => body.ContentType == contentType);
        return defined is not null && BodySchemas.Of(defined.Schema).For(new(ContentForm.Json, defined.Reference, null, false), out _) is JsonBodySchema schema
            ? schema.Sample
            : ReadOnlyMemory<byte>.Empty;
    }

    /// <summary>Parameters of the type do not count, unless the policy names some.</summary>
    private bool IsOf(string? type) => type is not null
        && (ContentType!.Contains(';') ? type : type.Split(';')[0].Trim()).Equals(ContentType, StringComparison.OrdinalIgnoreCase);
}
