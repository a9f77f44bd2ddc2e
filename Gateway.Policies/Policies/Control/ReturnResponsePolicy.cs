using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Policies.Transformation;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Ends the request with a response made here: 200 without a body unless its children say otherwise. No further step of any
/// section runs, on-error neither. An answer of the backend is dropped.
/// </summary>
public sealed class ReturnResponsePolicy : IPolicy<ReturnResponsePolicy>
{
    private static readonly SetStatusPolicy s_ok = new() { Code = 200 };

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "return-response" };

    /// <summary><c>set-status</c>: at most one; 200 by default.</summary>
    public SetStatusPolicy Status { get; init; } = s_ok;

    /// <summary><c>set-header</c>: any number.</summary>
    public IReadOnlyList<SetHeaderPolicy> Headers { get; init; } = [];

    /// <summary><c>set-body</c>: at most one; no body by default.</summary>
    public SetBodyPolicy? Body { get; init; }

    /// <inheritdoc/>
    public static ReturnResponsePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        read.NotSupported("response-variable-name");
        var status = read.Child("set-status") is { } code ? SetStatusPolicy.Parse(code, parsing) : null;
        var body = read.Child("set-body") is { } text ? SetBodyPolicy.Parse(text, parsing) : null;
        var headers = new List<SetHeaderPolicy>();
        foreach (var child in read.Children("set-header"))
        {
            if (SetHeaderPolicy.Parse(child, parsing, ofResponse: true) is { } header)
            {
                headers.Add(header);
            }
        }

        read.End();
        return new() { Status = status ?? s_ok, Headers = [.. headers], Body = body };
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

        var response = context.Http.Response;
        response.Headers.ContentType = default;
        response.Headers.ContentLength = null;
        await Status.ExecuteAsync(context);
        foreach (var header in Headers)
        {
            await header.ExecuteAsync(context);
        }

        context.ResponseBody = Body?.Body ?? ReadOnlyMemory<byte>.Empty;
        context.Complete();
    }
}
