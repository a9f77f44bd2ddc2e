using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;
using Gateway.Management.Errors;
using Gateway.Management.Requests;

namespace Gateway.Management.Resources;

/// <summary>POST actions below a resource, as the kinds describe them.</summary>
internal sealed class ActionHandler(Catalog catalog, TimeProvider time)
{
    private const int Tries = 3;

    /// <summary>Runs the action on the resource with its secrets; a change is written only onto what the action saw.</summary>
    public async Task<Answer> RunAsync(ManagementCall call, ResourceMatch match, ResourceAction action)
    {
        var body = await ReadAsync(call, action);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        for (var tries = 1; ; tries++)
        {
            var found = await catalog.Reader.Get(match.Id, call.Aborted);
            if (!found.IsSuccess)
            {
                return ErrorEnvelope.From(found.Errors);
            }

            var secrets = await catalog.Reader.GetSecrets(match.Id, call.Aborted);
            if (!secrets.IsSuccess)
            {
                return ErrorEnvelope.From(secrets.Errors);
            }

            var properties = JsonNode.Parse(found.Value.Properties)!.AsObject();
            JsonMerge.Into(properties, JsonNode.Parse(secrets.Value)!.AsObject());
            var run = action.Run(new ResourceDraft(match.Id, properties, false, time.GetUtcNow()), body.Value);
            if (!run.IsSuccess)
            {
                return ErrorEnvelope.From(run.Errors);
            }

            var outcome = run.Value;
            var etag = found.Value.ETag;
            long? version = null;
            if (outcome.Patch is { } patch)
            {
                var written = await catalog.Writer.Submit(new ChangeSet([new Change
                {
                    Operation = ChangeOperation.Patch,
                    Id = match.Id,
                    Properties = JsonSerializer.SerializeToUtf8Bytes(patch, Answer.NodeJson),
                    IfMatch = etag,
                }]), call.Aborted);
                if (!written.IsSuccess && written.Errors.All(error => error.Code == ErrorKind.PreconditionFailed) && tries < Tries)
                {
                    continue;
                }

                if (!written.IsSuccess)
                {
                    return ErrorEnvelope.From(written.Errors);
                }

                etag = written.Value.Changes[0].Resource?.ETag;
                version = written.Value.Version;
            }

            return (outcome.Answer is { } answer
                ? Answer.Json(200, writer => answer.WriteTo(writer))
                : new Answer(204)).WithETag(etag) with { CatalogVersion = version };
        }
    }

    private static async Task<Result<JsonObject>> ReadAsync(ManagementCall call, ResourceAction action)
    {
        if (action.Body is null)
        {
            return new JsonObject();
        }

        var body = await BodyReader.ReadAsync(call.Http, BodyReader.ResourceBytes);
        if (!body.IsSuccess)
        {
            return body.Errors;
        }

        var reading = new SchemaReading();
        var read = action.Body.Read(body.Value.Json, "body", reading, isPatch: false);
        return read is null || !reading.Errors.IsEmpty ? reading.Errors.ToArray() : read;
    }
}
