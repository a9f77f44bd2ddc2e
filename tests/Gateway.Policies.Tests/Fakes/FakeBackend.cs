using System.Text;
using Gateway.Policies.Execution;
using Microsoft.Extensions.Primitives;

namespace Gateway.Policies.Tests.Fakes;

/// <summary>A backend that answers as told, keeps what it got, and counts the exchanges that nobody ended.</summary>
internal sealed class FakeBackend
{
    public int Status { get; set; } = 200;

    public Dictionary<string, StringValues> Headers { get; } = new() { ["X-Backend"] = "yes", ["Content-Type"] = "text/plain" };

    public string Body { get; set; } = "from backend";

    public bool IsUpgrade { get; set; }

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Thrown by the commit.</summary>
    public Exception? CommitFailure { get; set; }

    /// <summary>Thrown when the body is discarded; the exchange goes on.</summary>
    public Exception? DiscardBodyFailure { get; set; }

    /// <summary>True: some bytes are out before <see cref="CommitFailure"/>.</summary>
    public bool BreaksMidBody { get; set; }

    /// <summary>True: the answer is not there at once.</summary>
    public bool AnswersLater { get; set; }

    public List<Forwarded> Requests { get; } = [];

    public int Live { get; private set; }

    public async ValueTask<IBackendExchange> ForwardAsync(FakePolicyContext context, ForwardOptions options)
    {
        if (AnswersLater)
        {
            await Task.Yield();
        }

        var request = context.Http.Request;
        using var body = new StreamReader(request.Body);
        Requests.Add(new(
            context.Backend.BaseUrl + context.Backend.Path + context.Backend.Query,
            context.Backend.Host,
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await body.ReadToEndAsync(),
            options));
        if (Failure is not null)
        {
            throw Failure;
        }

        var exchange = new Exchange(this, context.Sent);
        Live++;
        context.Sent.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            context.Sent.Headers[name] = value;
        }

        return exchange;
    }

    private sealed class Exchange(FakeBackend backend, FakeResponse response) : IBackendExchange
    {
        private readonly Dictionary<string, StringValues> _before = response.Headers.ToDictionary(h => h.Key, h => h.Value);
        private bool _ended;
        private bool _isBodyDropped;

        public bool IsUpgrade => backend.IsUpgrade;

        public ValueTask CommitAsync()
        {
            if (backend.CommitFailure is null || backend.BreaksMidBody)
            {
                End();
                response.Stream.Write(Encoding.UTF8.GetBytes(backend.Body));
            }

            return backend.CommitFailure is null ? ValueTask.CompletedTask : throw backend.CommitFailure;
        }

        public ValueTask DiscardAsync()
        {
            if (!_ended)
            {
                End();
            }

            response.StatusCode = 200;
            response.Headers.Clear();
            foreach (var (name, value) in _before)
            {
                response.Headers[name] = value;
            }

            return ValueTask.CompletedTask;
        }

        public async ValueTask<ReadOnlyMemory<byte>?> LoadBodyAsync(int limit)
        {
            Assert.False(_ended, "A body is read before the exchange ends.");
            if (backend.AnswersLater)
            {
                await Task.Yield();
            }

            var body = Encoding.UTF8.GetBytes(backend.Body);
            return body.Length > limit ? default(ReadOnlyMemory<byte>?) : body;
        }

        public ValueTask DiscardBodyAsync()
        {
            if (_isBodyDropped)
            {
                return ValueTask.CompletedTask;
            }

            _isBodyDropped = true;
            if (backend.DiscardBodyFailure is not null)
            {
                throw backend.DiscardBodyFailure;
            }

            End();
            response.Headers.ContentLength = null;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => _ended ? ValueTask.CompletedTask : DiscardAsync();

        private void End()
        {
            Assert.False(_ended, "An exchange ends once.");
            _ended = true;
            backend.Live--;
        }
    }
}

/// <summary>What the backend got.</summary>
internal sealed record Forwarded(
    string Url, string? Host, IReadOnlyDictionary<string, string> Headers, string Body, ForwardOptions Options);
