using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Storage;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>
/// The catalog's writer: checks a change set against the catalog in memory and commits it fenced. Not safe for concurrent
/// calls; several instances on one store are: of two that commit at once one wins, the other loads again.
/// </summary>
internal sealed class CatalogCommitter(RedisStore redis, CatalogStore store, CatalogSource source, RecordContent content, SiteLineage lineage, TimeProvider time)
{
    private const int Attempts = 2;

    private CatalogState? _state;

    /// <summary>The ids of the declared gateways as of the last commit.</summary>
    public IReadOnlyList<string> Gateways => _state is null ? [] : [.. _state.Gateways.Select(ResourcePath.Name)];

    /// <summary>Commits all changes or none.</summary>
    public async Task<CommitOutcome> CommitAsync(CommitRequest request)
    {
        var result = await redis.TryAsync(() => TryCommitAsync(request));
        if (!result.IsSuccess)
        {
            // Whether it was committed is unknown: the next call looks.
            _state = null;
            return new CommitOutcome { Errors = result.Errors };
        }

        return result.Value;
    }

    private async Task<Result<CommitOutcome>> TryCommitAsync(CommitRequest request)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var loaded = await LoadAsync();
            if (!loaded.IsSuccess)
            {
                return loaded.Errors;
            }

            var plan = CommitPlan.Make(loaded.Value, content, request, time.GetUtcNow());
            if (plan.Refusal is { } refusal)
            {
                return refusal;
            }

            if (plan.Entries.Count == 0 || await store.CommitAsync(loaded.Value.Head, [.. plan.Entries.Select(pair => new CatalogWrite(pair.Key, pair.Value?.Record))]))
            {
                return new CommitOutcome { Receipt = plan.Accept() };
            }

            _state = null;
        }

        return new GatewayError(ErrorKind.ServiceUnavailable, "Others wrote to the catalog at the same time, twice in a row; nothing was written. Try again.");
    }

    private async Task<Result<CatalogState>> LoadAsync()
    {
        if (_state is not null)
        {
            return _state;
        }

        try
        {
            var all = await source.ReadRecordsSinceAsync(null);
            if (lineage.Check(all.Lineage) is { } unusable)
            {
                return unusable;
            }

            var state = new CatalogState { Head = new CatalogHead(all.Lineage, all.Version) };
            foreach (var record in all.Records.Values)
            {
                state.Set(record!.Id, CatalogEntry.Of(record, content));
            }

            _state = state;
            return state;
        }
        catch (InvalidDataException exception)
        {
            return new GatewayError(ErrorKind.ServiceUnavailable, $"The catalog in the state store cannot be read: {exception.Message}");
        }
    }
}
