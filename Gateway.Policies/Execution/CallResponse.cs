using Gateway.Policies.Expressions.Api;
using Gateway.Policies.Expressions.Context;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Policies.Execution;

/// <summary>The answer to a call of a policy, in memory: what expressions find in the call's variable.</summary>
public sealed class CallResponse : IResponse
{
    private readonly MessageBody _body;

    /// <summary>An answer.</summary>
    /// <param name="statusCode">Its status.</param>
    /// <param name="statusReason">The phrase that came with it; null or empty for the usual one.</param>
    /// <param name="headers">Its headers, those of its body too; not changed any more.</param>
    /// <param name="body">Its body; empty for none.</param>
    public CallResponse(int statusCode, string? statusReason, IHeaderDictionary headers, ReadOnlyMemory<byte> body)
    {
        StatusCode = statusCode;
        StatusReason = string.IsNullOrEmpty(statusReason) ? ReasonPhrases.GetReasonPhrase(statusCode) : statusReason;
        var values = new Dictionary<string, string[]>(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, found) in headers)
        {
            values[name] = [.. found.Select(value => HeaderCoding.Decode(value ?? ""))];
        }

        Headers = new ValueLists(values);
        _body = new(body, headers, static () => { });
    }

    /// <inheritdoc/>
    public IMessageBody Body => _body;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string[]> Headers { get; }

    /// <inheritdoc/>
    public int StatusCode { get; }

    /// <inheritdoc/>
    public string StatusReason { get; }
}
