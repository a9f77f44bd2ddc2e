using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Models;

/// <summary>Holds the publication in force: one reference, swapped whole.</summary>
internal sealed class PublicationHolder : IPublicationSink
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile PublicationModel? _current;

    /// <summary>The publication in force; null before the first.</summary>
    public PublicationModel? Current => _current;

    /// <summary>Ends when the first is in force.</summary>
    public Task First => _first.Task;

    /// <inheritdoc />
    public ValueTask<Result<PublicationId>> ApplyAsync(PublicationContent content, CancellationToken cancellationToken)
    {
        var built = PublicationBuilder.Build(content, _current);
        if (!built.IsSuccess)
        {
            return new ValueTask<Result<PublicationId>>(built.Errors);
        }

        _current = built.Value;
        _first.TrySetResult();
        return new ValueTask<Result<PublicationId>>(built.Value.Id);
    }
}
