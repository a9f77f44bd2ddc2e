using Gateway.Edge.Backends;
using Gateway.Policies.Execution;
using Microsoft.Net.Http.Headers;

namespace Gateway.Edge.Loggers;

/// <summary>Sends messages to a receiver over HTTP.</summary>
internal sealed class LogPost(BackendInvokers invokers, TimeProvider time)
{
    private const int MaximumAnswer = 64 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>Posts a body.</summary>
    /// <param name="logger">The logger; its credential <c>authorization</c> is sent as that header.</param>
    /// <param name="address">Where to.</param>
    /// <param name="type">The body's type.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LoggerException">It was not taken.</exception>
    public async Task SendAsync(LoggerInfo logger, string? address, string type, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
        {
            throw new LoggerException("The logger's credential 'url' must be an absolute http or https URL.");
        }

        using var patience = new CancellationTokenSource(s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(body) };
            request.Content.Headers.TryAddWithoutValidation(HeaderNames.ContentType, type);
            if (logger.Credentials.GetValueOrDefault("authorization") is { Length: > 0 } authorization)
            {
                request.Headers.TryAddWithoutValidation(HeaderNames.Authorization, authorization);
            }

            using var answer = await invokers.For(BackendTrust.Full).SendAsync(request, either.Token);
            await answer.Content.LoadIntoBufferAsync(MaximumAnswer, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                throw new LoggerException($"The receiver answered with status {(int)answer.StatusCode}.");
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoggerException($"The receiver did not answer within {s_patience.TotalSeconds:0} s.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new LoggerException("The receiver could not be reached, or broke off.", e);
        }
    }
}
