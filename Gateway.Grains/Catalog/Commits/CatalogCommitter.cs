using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Records;
using Gateway.Grains.Storage;
using Microsoft.Extensions.Logging;

namespace Gateway.Grains.Catalog.Commits;

/// <summary>
/// The catalog's writer: checks a change set against the catalog in memory and commits it fenced. Not safe for concurrent
/// calls; several instances on one store are: of two that commit at once one wins, the other loads again.
/// </summary>
internal sealed partial class CatalogCommitter(
    RedisStore redis, CatalogStore store, CatalogSource source, RecordContent content, SiteLineage lineage, TimeProvider time, ILogger<CatalogCommitter> logger)
{
    private const int Attempts = 2;

    private CatalogState? _state;

    /// <summary>The ids of the declared gateways as of the last commit.</summary>
    public IReadOnlyList<string> Gateways => _state is null ? [] : [.. _state.Gateways.Select(ResourcePath.Name)];

    /// <summary>The next commit reads the catalog again.</summary>
    public void Forget() => _state = null;

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

    /// <summary>What committing would give, with nothing written.</summary>
    public async Task<CommitOutcome> TryAsync(CommitRequest request)
    {
        var result = await redis.TryAsync<CommitOutcome>(async () =>
        {
            var loaded = await LoadAsync();
            if (!loaded.IsSuccess)
            {
                return loaded.Errors;
            }

            var plan = CommitPlan.Make(loaded.Value, content, request, time.GetUtcNow(), isTrial: true);
            return plan.Refusal ?? new CommitOutcome { Receipt = plan.Foresee() };
        });
        return result.Value ?? new CommitOutcome { Errors = result.Errors };
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

            var written = await WriteAsync(loaded.Value.Head, plan);
            if (!written.IsSuccess)
            {
                return written.Errors;
            }

            if (written.Value)
            {
                return new CommitOutcome { Receipt = plan.Accept() };
            }

            _state = null;
        }

        return new GatewayError(ErrorKind.ServiceUnavailable, "Others wrote to the catalog at the same time, twice in a row; nothing was written. Try again.");
    }

    private async Task<Result<bool>> WriteAsync(CatalogHead head, CommitPlan plan)
    {
        try
        {
            return plan.Entries.Count == 0 || await store.CommitAsync(head, [.. plan.Entries.Select(pair => new CatalogWrite(pair.Key, pair.Value?.Record))]);
        }
        catch (Exception exception) when (RedisStore.IsOutage(exception))
        {
            Log.Unconfirmed(logger, head.Version + 1, exception);
            return new GatewayError(ErrorKind.ServiceUnavailable, "The state store did not confirm the change; it may have been committed or not. Read it, or try again.");
        }
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

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The state store did not confirm catalog version {Version}.")]
        public static partial void Unconfirmed(ILogger logger, long version, Exception exception);
    }
}
