using Gateway.Contracts.Catalog;
using Gateway.Contracts.Results;
using Gateway.Grains.Catalog.Commits;
using Gateway.Grains.Catalog.PolicyChecks;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Gateway.Grains.Catalog;

/// <inheritdoc cref="ICatalogWriter" />
[StatelessWorker]
internal sealed partial class CatalogWriter(IGrainFactory grains, ILogger<CatalogWriter> logger) : Grain, ICatalogWriter
{
    /// <summary>Rounds of checking and asking again; each carries megabytes of documents, or follows a change by somebody else.</summary>
    private const int Rounds = 64;

    private const int BatchSize = 32;

    /// <inheritdoc />
    public Task<Result<ChangeSetReceipt>> Submit(ChangeSet changes, CancellationToken cancellationToken) =>
        SubmitAsync(changes, (catalog, request) => catalog.Commit(request), cancellationToken);

    /// <inheritdoc />
    public Task<Result<ChangeSetReceipt>> Try(ChangeSet changes, CancellationToken cancellationToken) =>
        SubmitAsync(changes, (catalog, request) => catalog.Try(request), cancellationToken);

    private async Task<Result<ChangeSetReceipt>> SubmitAsync(
        ChangeSet changes, Func<ICatalogGrain, CommitRequest, Task<CommitOutcome>> commit, CancellationToken cancellationToken)
    {
        var read = ChangeReader.Read(changes);
        if (!read.IsSuccess)
        {
            return read.Errors;
        }

        if (read.Value.Any(SchemaChecks.Applies))
        {
            // Long ones take longer than a turn of the scheduler may.
            var faults = await Task.Run(() => SchemaChecks.Run(read.Value), cancellationToken);
            if (faults.Length > 0)
            {
                return faults;
            }
        }

        try
        {
            return await CommitAsync(read.Value, commit, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            Log.NoAnswer(logger, exception);
            return new GatewayError(ErrorKind.ServiceUnavailable, "The catalog did not answer in time; the change may have been committed or not. Read it, or try again.");
        }
    }

    private async Task<Result<ChangeSetReceipt>> CommitAsync(
        Change[] changes, Func<ICatalogGrain, CommitRequest, Task<CommitOutcome>> commit, CancellationToken cancellationToken)
    {
        var catalog = grains.GetGrain<ICatalogGrain>(CatalogKeys.Service);
        var verdicts = new List<PolicyVerdict>();
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var outcome = await commit(catalog, new CommitRequest(changes, [.. verdicts]));
            if (outcome.Receipt is not null)
            {
                return outcome.Receipt;
            }

            if (outcome.ToCheck.Length == 0)
            {
                return outcome.Errors;
            }

            var checks = await Task.WhenAll(outcome.ToCheck.Chunk(BatchSize)
                .Select(batch => grains.GetGrain<IPolicyCheckGrain>(CatalogKeys.Service).Check(batch)));
            verdicts.AddRange(checks.SelectMany(batch => batch));
        }

        return new GatewayError(ErrorKind.ServiceUnavailable, "Named values changed faster than the policies that use them could be checked. Try again.");
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The catalog grain did not answer a change set.")]
        public static partial void NoAnswer(ILogger logger, Exception exception);
    }
}
