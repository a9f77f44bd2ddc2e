using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;

namespace Gateway.Grains.Catalog;

/// <summary>Checks everything about a change set that needs no other resource: bounds, paths, ids, shapes. Pure.</summary>
internal static class ChangeReader
{
    /// <summary>Changes in one set at most.</summary>
    public const int MaximumChanges = 10_000;

    /// <summary>Bytes of properties in one set at most.</summary>
    public const int MaximumBytes = 64 * 1024 * 1024;

    /// <summary>Bytes of one resource's properties at most.</summary>
    public const int MaximumResource = 4 * 1024 * 1024;

    /// <summary>The changes with canonical ids and properties, or every finding with the index of its change.</summary>
    public static Result<Change[]> Read(ChangeSet set)
    {
        if (set.Changes.Length > MaximumChanges)
        {
            return new GatewayError(ErrorKind.RequestTooLarge, $"A change set may have at most {MaximumChanges} changes; this one has {set.Changes.Length}.");
        }

        if (set.Changes.Sum(change => (long)(change.Properties?.Length ?? 0)) > MaximumBytes)
        {
            return new GatewayError(ErrorKind.RequestTooLarge, $"The properties of a change set may have at most {MaximumBytes} bytes together.");
        }

        var errors = new List<GatewayError>();
        var changes = new Change[set.Changes.Length];
        for (var i = 0; i < changes.Length && errors.Count < Commits.CommitErrors.Maximum; i++)
        {
            var found = new ErrorList();
            changes[i] = Read(set.Changes[i], found);
            errors.AddRange(found.ToArray(i));
        }

        return errors.Count == 0 ? changes : errors.ToArray();
    }

    private static Change Read(Change change, ErrorList errors)
    {
        if (ResourceKinds.Match(change.Id) is not { } match)
        {
            errors.Add("id", $"'{Shown(change.Id)}' is not the path of a resource.");
            return change;
        }

        var verb = change.Operation switch
        {
            ChangeOperation.Put => ResourceVerbs.Put,
            ChangeOperation.Patch => ResourceVerbs.Patch,
            _ => ResourceVerbs.Delete,
        };
        if (ResourceKinds.IsBuiltIn(match.Id))
        {
            errors.Add("id", $"'{match.Id}' is built in; it cannot be changed or deleted.", ErrorKind.MethodNotAllowed);
            return change;
        }

        if (!match.Kind.Verbs.HasFlag(verb))
        {
            errors.Add("id", $"'{match.Id}' does not support {verb.ToString().ToUpperInvariant()}.", ErrorKind.MethodNotAllowed);
            return change;
        }

        if (!match.Kind.Template.IsSingleton && !match.Kind.Id.Allows(ResourcePath.Name(match.Id)))
        {
            errors.Add("id", $"The id '{Shown(ResourcePath.Name(match.Id))}' must have {match.Kind.Id.Summary}.");
            return change;
        }

        return change.Operation == ChangeOperation.Delete
            ? change with { Id = match.Id, Properties = null }
            : change with { Id = match.Id, Properties = ReadProperties(match.Kind, change, errors) };
    }

    private static byte[]? ReadProperties(ResourceKind kind, Change change, ErrorList errors)
    {
        if (change.Properties is { Length: > MaximumResource })
        {
            errors.Add("properties", $"The properties of one resource may have at most {MaximumResource} bytes; these have {change.Properties.Length}.", ErrorKind.RequestTooLarge);
            return null;
        }

        var parsed = change.Properties is null ? new JsonObject() : JsonText.ParseObject(change.Properties);
        if (!parsed.IsSuccess)
        {
            errors.AddRange(parsed.Errors.Select(error => error with { Target = "properties" }));
            return null;
        }

        var reading = new SchemaReading();
        var properties = kind.Properties.Read(parsed.Value, "properties", reading, change.Operation == ChangeOperation.Patch);
        errors.AddRange(reading.Errors.ToArray());
        return properties is null || !reading.Errors.IsEmpty ? null : JsonText.Write(properties);
    }

    private static string Shown(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
