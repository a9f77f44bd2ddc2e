using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Expressions;
using Gateway.Policies.Policies.Transformation;

namespace Gateway.Policies.Policies.Control;

/// <summary>
/// Ends the request with a response made here: 200 without a body unless its children say otherwise. No further step of any
/// section runs, on-error neither. An answer of the backend is dropped, after the expressions of the children have seen it.
/// </summary>
public sealed class ReturnResponsePolicy : IPolicy<ReturnResponsePolicy>
{
    private static readonly ResolvedStatus s_ok = new(200, null);

    /// <inheritdoc/>
    public static PolicyDescriptor Descriptor { get; } = new() { Name = "return-response" };

    /// <summary>
    /// <c>response-variable-name</c>: a variable that holds a response, whose status, headers and body are the beginning, which the children
    /// change. One that is not set or holds nothing else than a response fails the request with 500.
    /// </summary>
    public string? ResponseVariable { get; init; }

    /// <summary><c>set-status</c>: at most one; 200 by default.</summary>
    public SetStatusPolicy? Status { get; init; }

    /// <summary><c>set-header</c>: any number.</summary>
    public IReadOnlyList<SetHeaderPolicy> Headers { get; init; } = [];

    /// <summary><c>set-body</c>: at most one; no body by default.</summary>
    public SetBodyPolicy? Body { get; init; }

    /// <inheritdoc/>
    public static ReturnResponsePolicy? Parse(PolicyElement element, PolicyParsing parsing)
    {
        var read = parsing.Read(element);
        var variable = read.Optional("response-variable-name");
        if (!string.IsNullOrEmpty(variable))
        {
            // The variable may stand for the very answer of the backend.
            parsing.Bodies |= BodyUse.Response;
        }

        var status = read.Child("set-status") is { } code ? SetStatusPolicy.Parse(code, parsing) : null;
        var body = read.Child("set-body") is { } text ? SetBodyPolicy.Parse(text, parsing, seesBody: false) : null;
        var headers = new List<SetHeaderPolicy>();
        foreach (var child in read.Children("set-header"))
        {
            if (SetHeaderPolicy.Parse(child, parsing, ofResponse: true) is { } header)
            {
                headers.Add(header);
            }
        }

        read.End();
        return new() { ResponseVariable = string.IsNullOrEmpty(variable) ? null : variable, Status = status, Headers = [.. headers], Body = body };
    }

    /// <inheritdoc/>
    public async ValueTask ExecuteAsync(PolicyContext context)
    {
        // All expressions run before anything is dropped: they speak of the answer that there is.
        var start = ResponseVariable is null ? null : StartingResponse.Read(context, ResponseVariable, Descriptor.Name);
        var status = Status?.Resolve(context);
        var headers = Headers.Count == 0 ? [] : new ResolvedHeader[Headers.Count];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = Headers[i].Resolve(context);
        }

        var body = Body?.Body.For(context);
        if (context.Exchange is { } exchange)
        {
            context.Exchange = null;
            await exchange.DiscardAsync();
            await exchange.DisposeAsync();
        }

        var response = context.Http.Response;
        response.Headers.ContentType = default;
        response.Headers.ContentLength = null;
        (status ?? start?.Status ?? s_ok).Apply(context);
        start?.ApplyHeaders(response.Headers);
        foreach (var header in headers)
        {
            header.Apply(response.Headers);
        }

        context.ResponseBody = body ?? start?.Body ?? ReadOnlyMemory<byte>.Empty;
        context.Complete();
    }
}
