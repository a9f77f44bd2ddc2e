using Gateway.Policies.Execution;
using Microsoft.AspNetCore.Http;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Follows the body of a request or response: policies replace it, expressions take it away.</summary>
internal sealed class BodyView(PolicyContext policies, bool ofResponse)
{
    private MessageBody? _current;

    /// <summary>The body as it is now; null for a request without one. A response has one always, which may be empty.</summary>
    /// <exception cref="InvalidOperationException">It was not read into memory before the expression ran.</exception>
    public MessageBody? Current
    {
        get
        {
            var bytes = (ofResponse ? policies.Expressions.ResponseBody : policies.RequestBody)
                ?? throw new InvalidOperationException("The body is not in memory: an expression that reads it must name it.");
            if (_current is not null && _current.IsOf(bytes))
            {
                return _current;
            }

            return _current = bytes.IsEmpty && !ofResponse ? null : new(bytes, Headers, Take);
        }
    }

    private IHeaderDictionary Headers => ofResponse ? policies.Http.Response.Headers : policies.Http.Request.Headers;

    private void Take()
    {
        if (ofResponse)
        {
            policies.ResponseBody = ReadOnlyMemory<byte>.Empty;
        }
        else
        {
            BodyChanges.ReplaceRequest(policies, ReadOnlyMemory<byte>.Empty);
        }
    }
}
