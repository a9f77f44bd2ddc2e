using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Import;
using Gateway.Management.Resources;

namespace Gateway.Management.Changes;

/// <summary>
/// From what callers asked for to one change set: imports are unfolded, shapes checked, unknown properties found, and what
/// the catalog says is told in terms of the caller's own changes.
/// </summary>
internal sealed class ChangePlanner(Catalog catalog, ApiImport import, WebSocketHandshake handshake)
{
    /// <summary>Commits all drafts or none. Errors carry the index of their draft.</summary>
    /// <param name="drafts">The writes, in order.</param>
    /// <param name="isStrict">True: an unknown property is an error.</param>
    /// <param name="isTrial">True: nothing is written.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Result<PlanOutcome>> SubmitAsync(IReadOnlyList<ChangeDraft> drafts, bool isStrict, bool isTrial, CancellationToken cancellationToken)
    {
        var errors = new ErrorList();
        var ignored = new List<IgnoredProperty>();
        var plan = new List<PlannedChange>(drafts.Count);
        var imports = await UnfoldAsync(drafts, cancellationToken);
        for (var i = 0; i < drafts.Count; i++)
        {
            if (imports[i] is not { } unfolded)
            {
                plan.Add(Check(drafts[i], i, isGenerated: false, errors, ignored));
                continue;
            }

            if (!unfolded.IsSuccess)
            {
                errors.AddRange(unfolded.Errors.Select(error => error with { Index = i }));
                continue;
            }

            plan.Add(Check(unfolded.Value[0], i, isGenerated: false, errors, ignored));
            plan.AddRange(unfolded.Value[1..].Select(draft => Check(draft, i, isGenerated: true, errors, ignored)));
        }

        if (isStrict)
        {
            errors.AddRange(ignored.Select(property => new GatewayError(ErrorKind.ValidationError, $"'{property.Name}' is not a known property.") { Target = property.Name, Index = property.Index }));
        }

        if (!errors.IsEmpty)
        {
            return errors.ToArray();
        }

        var changes = new ChangeSet([.. plan.Select(planned => planned.Change)]);
        var receipt = isTrial ? await catalog.Writer.Try(changes, cancellationToken) : await catalog.Writer.Submit(changes, cancellationToken);
        if (!receipt.IsSuccess)
        {
            return receipt.Errors.Select(error => Translate(error, plan)).ToArray();
        }

        var own = plan.Zip(receipt.Value.Changes).Where(pair => !pair.First.IsGenerated).Select(pair => pair.Second).ToArray();
        return new PlanOutcome(receipt.Value.Version, own, ignored);
    }

    // Each reads a document and asks the catalog what is there: a folder of thousands would wait for one after the other.
    private async Task<Result<ChangeDraft[]>?[]> UnfoldAsync(IReadOnlyList<ChangeDraft> drafts, CancellationToken cancellationToken)
    {
        var puts = drafts.Where(draft => draft.Operation == ChangeOperation.Put).Select(draft => draft.Id).ToHashSet(StringComparer.Ordinal);
        var unfolded = new Result<ChangeDraft[]>?[drafts.Count];
        int[] carriers = [.. Enumerable.Range(0, drafts.Count).Where(index => ApiImport.Applies(drafts[index]) || WebSocketHandshake.Applies(drafts[index]))];
        await Parallel.ForEachAsync(carriers, cancellationToken, async (index, token) => unfolded[index] = ApiImport.Applies(drafts[index])
            ? await import.UnfoldAsync(drafts[index], puts, token)
            : await handshake.UnfoldAsync(drafts[index], puts, token));
        return unfolded;
    }

    private static PlannedChange Check(ChangeDraft draft, int index, bool isGenerated, ErrorList errors, List<IgnoredProperty> ignored)
    {
        var change = new Change { Operation = draft.Operation, Id = draft.Id, IfMatch = draft.IfMatch, Cascade = draft.Cascade };
        if (draft.Properties is { } properties)
        {
            var reading = new SchemaReading();
            draft.Kind.Properties.Read(properties, "properties", reading, draft.Operation == ChangeOperation.Patch);
            var planned = new PlannedChange(change, index, isGenerated);
            errors.AddRange(reading.Errors.ToArray(index).Select(error => planned.Explain(error)));
            ignored.AddRange(reading.Ignored.Take(SchemaReading.MaximumIgnored - ignored.Count).Select(name => new IgnoredProperty(index, name)));
            change = change with { Properties = JsonSerializer.SerializeToUtf8Bytes<JsonNode>(properties, Answer.NodeJson) };
        }

        return new PlannedChange(change, index, isGenerated);
    }

    private static GatewayError Translate(GatewayError error, List<PlannedChange> plan) =>
        error.Index is { } index && index >= 0 && index < plan.Count ? plan[index].Explain(error) : error;
}

/// <summary>One change of the change set that goes to the catalog.</summary>
/// <param name="Change">The change.</param>
/// <param name="Origin">The index of the draft that it comes from.</param>
/// <param name="IsGenerated">True when it was read out of a document, so that the caller does not know it.</param>
internal sealed record PlannedChange(Change Change, int Origin, bool IsGenerated)
{
    /// <summary>The error in terms of the draft: a generated resource is blamed on the document.</summary>
    public GatewayError Explain(GatewayError error) => IsGenerated
        ? error with { Index = Origin, Target = "properties.value", Message = $"{Change.Id} of the document: {error.Message}" }
        : error with { Index = Origin };
}
