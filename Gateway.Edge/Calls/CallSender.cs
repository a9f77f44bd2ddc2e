using System.Diagnostics;
using System.Net;
using Gateway.Edge.Backends;
using Gateway.Edge.Requests;
using Gateway.Policies.Execution;
using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Calls;

/// <summary>Sends the requests of policies and reads their answers into memory.</summary>
internal sealed class CallSender(BackendInvokers invokers, LiveExchanges live, EdgeOptions options, TimeProvider time)
{
    /// <summary>Sends a request and reads its whole answer.</summary>
    /// <param name="call">The request.</param>
    /// <param name="depth">How many gateways' calls the request that is served has come through.</param>
    /// <param name="client">Cancels when nobody waits any more.</param>
    /// <exception cref="BackendFailedException">No answer.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async ValueTask<CallResponse> SendAsync(OutgoingCall call, int depth, CancellationToken client)
    {
        if (depth >= CallDepth.Maximum)
        {
            throw new BackendFailedException(BackendFailure.Loop, "The request has come through too many calls of policies.");
        }

        using var deadline = new CancellationTokenSource(call.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(client, deadline.Token);
        live.Enter();
        try
        {
            using var request = Make(call, depth);
            using var answer = await invokers.ForCall(call.Connection).SendAsync(request, either.Token);
            if (CallDepth.IsLoop(answer))
            {
                throw new BackendFailedException(BackendFailure.Loop, "A call led through too many calls of policies.");
            }

            return await ReadAsync(answer, either.Token);
        }
        catch (OperationCanceledException e) when (!client.IsCancellationRequested)
        {
            throw new BackendFailedException(BackendFailure.Timeout, $"There was no whole answer within {call.Timeout.TotalSeconds:0.###} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw ForwardFailures.Describe(e);
        }
        finally
        {
            live.Leave();
        }
    }

    private static HttpRequestMessage Make(OutgoingCall call, int depth)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Url)
        {
            Version = call.Url.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = call.Body is { } body ? new ReadOnlyMemoryContent(body) : null,
        };
        foreach (var (name, values) in call.Headers)
        {
            // What describes a body goes where the body is; without one it has nowhere to go.
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        CallDepth.Set(request.Headers, depth + 1);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity && !request.Headers.Contains(HeaderNames.TraceParent))
        {
            request.Headers.TryAddWithoutValidation(HeaderNames.TraceParent, activity.Id);
            request.Headers.TryAddWithoutValidation(HeaderNames.TraceState, activity.TraceStateString);
        }

        return request;
    }

    private async ValueTask<CallResponse> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var limit = options.ExpressionBodyLimit;
        if (answer.Content.Headers.ContentLength > limit)
        {
            throw TooLong(limit, null);
        }

        try
        {
            await answer.Content.LoadIntoBufferAsync(limit, cancellationToken);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw TooLong(limit, e);
        }

        var headers = new HeaderDictionary();
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
        }

        return new CallResponse((int)answer.StatusCode, answer.ReasonPhrase, headers, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static BackendFailedException TooLong(int limit, Exception? inner) =>
        new(BackendFailure.TooLong, $"The answer's body is longer than the {limit} bytes that are kept in memory.", inner);
}
