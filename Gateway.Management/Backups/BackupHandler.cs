using Gateway.Contracts.Backups;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Management.Errors;
using Gateway.Management.Requests;
using Gateway.Management.Resources;

namespace Gateway.Management.Backups;

/// <summary>Answers <c>POST …/backup</c> and <c>POST …/restore</c>.</summary>
internal sealed class BackupHandler(Catalog catalog)
{
    /// <summary>The catalog as one sealed file.</summary>
    public async Task<Answer> BackupAsync(ManagementCall call)
    {
        var file = await catalog.Backup.Make(call.Aborted);
        return file.IsSuccess
            ? new Answer(200) { Body = file.Value.Content, ContentType = "application/octet-stream" }
            : ErrorEnvelope.From(file.Errors);
    }

    /// <summary>Replaces the catalog by the file in the body.</summary>
    public async Task<Answer> RestoreAsync(ManagementCall call)
    {
        var errors = new ErrorList();
        var replace = call.Flag("replace", errors);
        if (!errors.IsEmpty)
        {
            return ErrorEnvelope.From(errors.ToArray());
        }

        var body = await BodyReader.ReadBytesAsync(call.Http, BackupFile.MaximumLength);
        if (!body.IsSuccess)
        {
            return ErrorEnvelope.From(body.Errors);
        }

        var restored = await catalog.Backup.Restore(new BackupFile(body.Value.ToArray()), replace);
        return !restored.IsSuccess ? ErrorEnvelope.From(restored.Errors) : Answer.Json(200, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("lineage", restored.Value.Lineage);
            writer.WriteNumber("version", restored.Value.Version);
            writer.WriteNumber("resources", restored.Value.Resources);
            writer.WriteString("madeAt", restored.Value.MadeAt);
            writer.WriteEndObject();
        });
    }
}
