using Gateway.Policies.Execution;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Edge.Backends;

/// <summary>Says in the pipeline's terms how a forward failed.</summary>
internal static class ForwardFailures
{
    /// <summary>Makes the exception for a failure.</summary>
    /// <param name="error">What the forwarder says.</param>
    /// <param name="cause">What it met.</param>
    /// <param name="isTimeout">True when the time until the headers ran out, which the forwarder takes for a cancellation.</param>
    /// <param name="http">The request.</param>
    public static Exception Describe(ForwarderError error, Exception? cause, bool isTimeout, HttpContext http)
    {
        if (Find<GatewayLoopException>(cause) is { } loop)
        {
            return new BackendFailedException(BackendFailure.Loop, loop.Message, cause);
        }

        if (isTimeout || error == ForwarderError.RequestTimedOut)
        {
            return new BackendFailedException(BackendFailure.Timeout, "The backend's answer did not begin in time.", cause);
        }

        if (http.RequestAborted.IsCancellationRequested)
        {
            return new BackendFailedException(BackendFailure.ClientAborted, "The client went away.", cause);
        }

        switch (error)
        {
            case ForwarderError.RequestBodyClient when Find<BadHttpRequestException>(cause) is { } bad:
                return Refused(bad.StatusCode, bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? TooLarge : "The request body is not well formed.", bad);

            // The buffer of a request that may be sent again says so when it is full.
            case ForwarderError.RequestBodyClient when Find<IOException>(cause) is { } full:
                return Refused(StatusCodes.Status413PayloadTooLarge, TooLarge, full);

            case ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient
                or ForwarderError.ResponseBodyCanceled or ForwarderError.ResponseBodyClient:
                return new BackendFailedException(BackendFailure.ClientAborted, "The client went away.", cause);

            case ForwarderError.ResponseBodyDestination when http.Response.HasStarted:
                return new BackendFailedException(BackendFailure.ResponseBroken, "The backend's answer broke off.", cause);

            default:
                return new BackendFailedException(BackendFailure.ConnectionFailure, "The backend could not be reached, or broke off.", cause);
        }
    }

    /// <summary>Makes the exception for a call that met this.</summary>
    public static BackendFailedException Describe(Exception cause) => Find<GatewayLoopException>(cause) is { } loop
        ? new(BackendFailure.Loop, loop.Message, cause)
        : new(BackendFailure.ConnectionFailure, "The other end could not be reached, or broke off.", cause);

    private const string TooLarge = "The request body is too large.";

    private static PolicyException Refused(int status, string message, Exception cause) =>
        new(new LastError { Source = "forward-request", Reason = "ClientConnectionFailure", Message = message }, status, message, cause);

    private static T? Find<T>(Exception? exception) where T : Exception => exception switch
    {
        null => null,
        T found => found,
        AggregateException many => many.InnerExceptions.Select(Find<T>).FirstOrDefault(found => found is not null),
        _ => Find<T>(exception.InnerException),
    };
}
