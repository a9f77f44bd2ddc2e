using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Changes;
using Gateway.Management.Errors;
using Gateway.Management.Import;
using Gateway.Management.Requests;

namespace Gateway.Management.Resources;

/// <summary>PUT, PATCH and DELETE of one resource: a change set of one.</summary>
internal sealed class ResourceWriteHandler(ChangePlanner planner, LinkReader links)
{
    // What the reference product calls "and what hangs on it", per kind of resource.
    private static readonly string[] _cascades = ["deleteSubscriptions", "deleteRevisions"];

    /// <summary>Answers a write.</summary>
    public async Task<Answer> WriteAsync(ManagementCall call, ResourceMatch match, ResourceVerbs verb)
    {
        if (PathRules.RefuseWrite(match.Id) is { } refused)
        {
            return ErrorEnvelope.From(refused);
        }

        var errors = new ErrorList();
        var isStrict = call.Flag("strict", errors);
        var cascade = _cascades.Aggregate(false, (all, name) => call.Flag(name, errors) || all);
        var ifMatch = call.IfMatch();
        errors.AddRange(ifMatch.Errors);
        if (ifMatch.Value is { ETag: null } && verb is ResourceVerbs.Patch or ResourceVerbs.Delete)
        {
            errors.Add("If-Match", $"The header If-Match is required for {call.Method}: the ETag of the resource, or * for any.");
        }

        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        var draft = new ChangeDraft { Operation = OperationOf(verb), Kind = match.Kind, Id = match.Id, IfMatch = ifMatch.Value!.ETag, Cascade = cascade };
        return verb == ResourceVerbs.Delete ? await DeleteAsync(call, draft) : await StoreAsync(call, draft, isStrict);
    }

    private async Task<Answer> DeleteAsync(ManagementCall call, ChangeDraft draft)
    {
        var outcome = await planner.SubmitAsync([draft], isStrict: false, isTrial: false, call.Aborted);
        return outcome.IsSuccess
            ? new Answer(outcome.Value.Receipts[0].Outcome == ChangeOutcome.Absent ? 204 : 200) { CatalogVersion = outcome.Value.Version }
            : ErrorEnvelope.From(outcome.Errors);
    }

    private async Task<Answer> StoreAsync(ManagementCall call, ChangeDraft draft, bool isStrict)
    {
        var mayImport = draft.Operation == ChangeOperation.Put && ApiImport.MayApplyTo(draft.Kind);
        var body = await BodyReader.ReadAsync(call.Http, mayImport ? BodyReader.LargeBytes : BodyReader.ResourceBytes);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var properties = ResourceBody.Properties(body.Value.Json);
        if (!properties.IsSuccess)
        {
            return ErrorEnvelope.From(properties.Errors);
        }

        draft = draft with { Properties = properties.Value };
        if (mayImport && body.Value.Length > BodyReader.ResourceBytes && !ApiImport.Applies(draft))
        {
            return ErrorEnvelope.From(BodyReader.TooLarge(BodyReader.ResourceBytes));
        }

        string[] unknown = [.. ResourceBody.Unknown(body.Value.Json)];
        if (isStrict && unknown.Length > 0)
        {
            return ErrorEnvelope.From([.. unknown.Select(name => new GatewayError(ErrorKind.ValidationError, $"'{name}' is not a known member of the body.") { Target = name })]);
        }

        var outcome = await planner.SubmitAsync([draft], isStrict, isTrial: false, call.Aborted);
        return outcome.IsSuccess ? await ShowAsync(call, draft, outcome.Value, unknown) : ErrorEnvelope.From(outcome.Errors);
    }

    private async Task<Answer> ShowAsync(ManagementCall call, ChangeDraft draft, PlanOutcome outcome, string[] unknown)
    {
        var receipt = outcome.Receipts[0];
        var resource = receipt.Resource ?? throw new InvalidOperationException($"The catalog wrote {draft.Id} and did not say what it holds.");
        var shown = await links.ShowAsync(draft.Kind, resource, call.Aborted);
        var answer = ResourceJson.Answer(receipt.Outcome == ChangeOutcome.Created ? 201 : 200, call.Address.Prefix, draft.Kind, draft.Id, shown)
            .With(IgnoredHeader.Name, IgnoredHeader.Value(unknown.Concat(outcome.Ignored.Select(property => property.Name))));
        return answer with { CatalogVersion = outcome.Version };
    }

    private static ChangeOperation OperationOf(ResourceVerbs verb) => verb switch
    {
        ResourceVerbs.Put => ChangeOperation.Put,
        ResourceVerbs.Patch => ChangeOperation.Patch,
        ResourceVerbs.Delete => ChangeOperation.Delete,
        _ => throw new InvalidOperationException($"{verb} does not write."),
    };
}
