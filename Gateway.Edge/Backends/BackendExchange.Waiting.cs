using System.Threading.Tasks.Sources;
using Gateway.Policies.Execution;

namespace Gateway.Edge.Backends;

/// <remarks>It is itself what both sides wait for, twice the pipeline (for the answer, then for the end) and once the forwarder: no step in between costs a task.</remarks>
internal sealed partial class BackendExchange : IValueTaskSource<IBackendExchange>, IValueTaskSource, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _progress;
    private ManualResetValueTaskSourceCore<bool> _verdict;

    /// <inheritdoc />
    IBackendExchange IValueTaskSource<IBackendExchange>.GetResult(short token)
    {
        _progress.GetResult(token);
        return this;
    }

    /// <inheritdoc />
    ValueTaskSourceStatus IValueTaskSource<IBackendExchange>.GetStatus(short token) => _progress.GetStatus(token);

    /// <inheritdoc />
    void IValueTaskSource<IBackendExchange>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _progress.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc />
    void IValueTaskSource.GetResult(short token) => _progress.GetResult(token);

    /// <inheritdoc />
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _progress.GetStatus(token);

    /// <inheritdoc />
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _progress.OnCompleted(continuation, state, token, flags);

    /// <inheritdoc />
    bool IValueTaskSource<bool>.GetResult(short token) => _verdict.GetResult(token);

    /// <inheritdoc />
    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _verdict.GetStatus(token);

    /// <inheritdoc />
    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _verdict.OnCompleted(continuation, state, token, flags);
}
