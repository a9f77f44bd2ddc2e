namespace Gateway.Grains.Catalog.Commits;

/// <inheritdoc cref="ICatalogGrain" />
internal sealed class CatalogGrain(CatalogCommitter committer, ICatalogNotifier notifier) : Grain, ICatalogGrain
{
    /// <inheritdoc />
    public async Task<CommitOutcome> Commit(CommitRequest request)
    {
        var outcome = await committer.CommitAsync(request);
        if (outcome.Receipt is { } receipt)
        {
            notifier.Notify(receipt.Version, committer.Gateways);
        }

        return outcome;
    }

    /// <inheritdoc />
    public Task Forget()
    {
        committer.Forget();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<CommitOutcome> Try(CommitRequest request) => committer.TryAsync(request);
}
