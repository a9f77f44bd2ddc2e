using System.Net;
using System.Runtime.CompilerServices;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Edge.Backends;

/// <summary>
/// One request to a backend, halted between the answer's headers and its body. The forwarder calls
/// <see cref="TransformResponseAsync"/> there and waits for the verdict; the pipeline, woken inside that call, goes on until
/// it commits or discards. One of the two runs at a time, nearly always on one thread: continuations must stay inline.
/// </summary>
internal sealed partial class BackendExchange(HttpContext http, IHttpForwarder forwarder, LiveExchanges live, TimeProvider time) : HttpTransformer, IBackendExchange
{
    private readonly long _started = time.GetTimestamp();
    private KeyValuePair<string, StringValues>[] _headersBefore = [];
    private int _statusBefore;
    private ValueTaskAwaiter<ForwarderError> _forwarding;
    private Stage _stage;
    private HttpResponseMessage? _answer;
    private CancellationToken _activity;
    private bool _isBodyDropped;

    private enum Stage
    {
        Sending,
        Parked,
        Committed,
        Discarded,
    }

    /// <summary>What is sent besides the client's request.</summary>
    public required OutgoingRequest Outgoing { get; init; }

    /// <summary>The connections to use.</summary>
    public required HttpMessageInvoker Invoker { get; init; }

    /// <summary>The protocol, and the time without any activity after which the forwarder gives up.</summary>
    public required ForwarderRequestConfig Config { get; init; }

    /// <summary>Cancels when the headers take too long; owned by the exchange. Null leaves it to the config.</summary>
    public CancellationTokenSource? Deadline { get; init; }

    /// <summary>Is told what became of the request; null when nobody is.</summary>
    public CircuitBreaker? Circuit { get; init; }

    /// <summary>The <c>Set-Cookie</c> that keeps the client's next requests at the same member of a pool; none when there is nothing to say.</summary>
    public StringValues Session { get; init; }

    /// <inheritdoc />
    public bool IsUpgrade { get; private set; }

    /// <summary>How long the answer, or the failure, was waited for; until then zero.</summary>
    public TimeSpan Waited { get; private set; }

    /// <summary>Sends the request and returns when status and headers of the answer stand in the response.</summary>
    /// <exception cref="BackendFailedException">No answer; the response is again what inbound steps had made of it.</exception>
    public ValueTask<IBackendExchange> SendAsync()
    {
        var response = http.Response;
        _headersBefore = response.Headers.Count == 0 ? [] : [.. response.Headers];
        _statusBefore = response.StatusCode;
        // The forwarder takes any other status for an answer that is already made.
        response.StatusCode = StatusCodes.Status200OK;
        Forward();
        return new ValueTask<IBackendExchange>(this, _progress.Version);
    }

    /// <inheritdoc />
    public ValueTask CommitAsync() => EndAsync(copyBody: true);

    /// <inheritdoc />
    public async ValueTask DiscardAsync()
    {
        if (_stage == Stage.Parked)
        {
            await EndAsync(copyBody: false);
        }

        // Also after its body was dropped, or its commit failed: what is left of the answer goes.
        if (!http.Response.HasStarted)
        {
            Restore();
        }
    }

    /// <inheritdoc />
    public async ValueTask<ReadOnlyMemory<byte>?> LoadBodyAsync(int limit)
    {
        if (_stage != Stage.Parked || _answer is not { Content: var content })
        {
            throw new InvalidOperationException("A body is read while its answer waits for a verdict.");
        }

        if (content.Headers.ContentLength > limit)
        {
            return null;
        }

        try
        {
            await content.LoadIntoBufferAsync(limit, _activity);
            return await content.ReadAsByteArrayAsync(_activity);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return null;
        }
        catch (OperationCanceledException e)
        {
            throw http.RequestAborted.IsCancellationRequested
                ? new BackendFailedException(BackendFailure.ClientAborted, "The client went away.", e)
                : new BackendFailedException(BackendFailure.Timeout, "The body of the backend's answer did not come in time.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new BackendFailedException(BackendFailure.ConnectionFailure, "The backend's answer broke off.", e);
        }
    }

    /// <inheritdoc />
    public async ValueTask DiscardBodyAsync()
    {
        if (_isBodyDropped)
        {
            return;
        }

        _isBodyDropped = true;
        await EndAsync(copyBody: false);
        BodyHeaders.RemoveFrom(http.Response.Headers);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _stage == Stage.Parked ? DiscardAsync() : ValueTask.CompletedTask;

    /// <inheritdoc />
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var copied = base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (!copied.IsCompletedSuccessfully)
        {
            return ApplyLaterAsync(copied, proxyRequest);
        }

        copied.GetAwaiter().GetResult();
        Outgoing.Apply(httpContext, proxyRequest);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null || Deadline is { IsCancellationRequested: true })
        {
            return new ValueTask<bool>(false);
        }

        Deadline?.CancelAfter(Timeout.InfiniteTimeSpan);
        _activity = cancellationToken;
        var copied = base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        return copied.IsCompletedSuccessfully && copied.GetAwaiter().GetResult() ? Park(proxyResponse) : ParkLaterAsync(copied, proxyResponse);
    }

    private async ValueTask ApplyLaterAsync(ValueTask copied, HttpRequestMessage request)
    {
        await copied;
        Outgoing.Apply(http, request);
    }

    private async ValueTask<bool> ParkLaterAsync(ValueTask<bool> copied, HttpResponseMessage answer) =>
        await copied && await Park(answer);

    private ValueTask<bool> Park(HttpResponseMessage answer)
    {
        ConnectionHeaders.RemoveNominated(answer.Headers, http.Response.Headers);
        foreach (var (name, value) in _headersBefore)
        {
            // The base appends: what an inbound step set stands before the backend's value. The gateway's own word stays, but what chooses among responses is said by both.
            if (!name.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase))
            {
                http.Response.Headers[name] = value;
            }
        }

        if (Session.Count > 0)
        {
            http.Response.Headers.SetCookie = StringValues.Concat(http.Response.Headers.SetCookie, Session);
        }

        _answer = answer;
        IsUpgrade = answer.StatusCode == HttpStatusCode.SwitchingProtocols || answer.RequestMessage?.Method == HttpMethod.Connect;
        _stage = Stage.Parked;
        Waited = time.GetElapsedTime(_started);
        Circuit?.Answered(time.GetUtcNow(), http.Response.StatusCode, http.Response.Headers.RetryAfter);
        _progress.SetResult(true);
        return new ValueTask<bool>(this, _verdict.Version);
    }

    /// <summary>Lets the forwarder go on, and returns when it is through.</summary>
    private ValueTask EndAsync(bool copyBody)
    {
        if (_stage != Stage.Parked)
        {
            throw new InvalidOperationException("An exchange is ended once, and only after its answer has arrived.");
        }

        _stage = copyBody ? Stage.Committed : Stage.Discarded;
        _progress.Reset();
        _verdict.SetResult(copyBody);
        return new ValueTask(this, _progress.Version);
    }

    private void Forward()
    {
        live.Enter();
        _forwarding = forwarder.SendAsync(http, Outgoing.Prefix, Invoker, Config, this, Deadline?.Token ?? CancellationToken.None).GetAwaiter();
        if (_forwarding.IsCompleted)
        {
            OnForwarded();
        }
        else
        {
            _forwarding.UnsafeOnCompleted(OnForwarded);
        }
    }

    private void OnForwarded()
    {
        live.Leave();
        Deadline?.Dispose();
        Exception? failure;
        try
        {
            failure = FailureOf(_forwarding.GetResult());
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (failure is null)
        {
            _progress.SetResult(true);
        }
        else
        {
            _progress.SetException(failure);
        }
    }

    /// <summary>What the forwarder's end means for who waits for it; null when it is as it should be.</summary>
    private Exception? FailureOf(ForwarderError error)
    {
        switch (_stage)
        {
            case Stage.Sending:
                _stage = Stage.Discarded;
                Waited = time.GetElapsedTime(_started);
                var failure = Failure(error);
                if (failure is BackendFailedException { Failure: var kind })
                {
                    Circuit?.Failed(time.GetUtcNow(), kind);
                }

                return failure;
            // Either side of a switched protocol ends it by closing: there is no wrong end.
            case Stage.Committed when error != ForwarderError.None && !IsUpgrade:
                return Failure(error);
            default:
                return null;
        }
    }

    private Exception Failure(ForwarderError error)
    {
        var cause = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        http.Features.Set<IForwarderErrorFeature>(null);
        var isTimeout = Deadline is { IsCancellationRequested: true };
        var failure = ForwardFailures.Describe(error, cause, isTimeout, http);
        if (!http.Response.HasStarted)
        {
            Restore();
        }

        return failure;
    }

    /// <summary>Undoes what the forwarder set, or cleared, in the response.</summary>
    private void Restore()
    {
        var response = http.Response;
        response.Clear();
        response.StatusCode = _statusBefore;
        foreach (var (name, value) in _headersBefore)
        {
            response.Headers[name] = value;
        }
    }
}
