using System.Text.Json;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;

namespace Gateway.Management.Changes;

/// <summary>Answers <c>POST …/changes</c> and <c>POST …/validatePolicies</c>.</summary>
internal sealed class ChangeSetHandler(ChangePlanner planner)
{
    /// <summary>Commits all changes of the body as one catalog version, or none.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isTrial">True: nothing is written; without a body, or with an empty one, everything stored is checked.</param>
    public async Task<Answer> SubmitAsync(ManagementCall call, bool isTrial)
    {
        var errors = new ErrorList();
        var isStrict = call.Flag("strict", errors);
        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        var body = await BodyReader.ReadAsync(call.Http, BodyReader.LargeBytes);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var ignored = new List<string>();
        var drafts = isTrial && body.Value.Json.Count == 0 ? Array.Empty<ChangeDraft>() : ChangeSetReader.Read(body.Value.Json, ignored);
        if (!drafts.IsSuccess)
        {
            return ErrorEnvelope.From(drafts.Errors, isChangeSet: true);
        }

        if (isStrict && ignored.Count > 0)
        {
            return ErrorEnvelope.From([.. ignored.Select(name => new GatewayError(ErrorKind.ValidationError, $"'{name}' is not a known member.") { Target = name })]);
        }

        var outcome = await planner.SubmitAsync(drafts.Value, isStrict, isTrial, call.Aborted);
        return outcome.IsSuccess
            ? Answer.Json(200, writer => Write(writer, outcome.Value))
                .With(IgnoredHeader.Name, IgnoredHeader.Value(ignored.Concat(outcome.Value.Ignored.Select(property => $"changes[{property.Index}].{property.Name}")))) with
            {
                CatalogVersion = outcome.Value.Version,
            }
            : ErrorEnvelope.From(outcome.Errors, isChangeSet: true);
    }

    private static void Write(Utf8JsonWriter writer, PlanOutcome outcome)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", outcome.Version);
        writer.WriteStartArray("changes");
        foreach (var receipt in outcome.Receipts)
        {
            writer.WriteStartObject();
            writer.WriteString("id", receipt.Id);
            writer.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(receipt.Outcome.ToString()));
            writer.WriteString("etag", receipt.Resource?.ETag);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
