using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Schema;
using Gateway.Contracts.Results;
using Gateway.Management.Resources;

namespace Gateway.Management.Changes;

/// <summary>Reads the body of a change set.</summary>
internal static class ChangeSetReader
{
    /// <summary>Changes at most.</summary>
    public const int Maximum = 10_000;

    private static readonly (string Word, ChangeOperation Operation, ResourceVerbs Verb)[] _operations =
    [
        ("put", ChangeOperation.Put, ResourceVerbs.Put),
        ("patch", ChangeOperation.Patch, ResourceVerbs.Patch),
        ("delete", ChangeOperation.Delete, ResourceVerbs.Delete),
    ];

    private static readonly HashSet<string> _members = new(StringComparer.Ordinal) { "op", "id", "properties", "ifMatch", "cascade", "name", "type" };

    /// <summary>The drafts in the body, or every error in it, each with the index of its change.</summary>
    /// <param name="body">The body.</param>
    /// <param name="ignored">Gets the members that mean nothing.</param>
    public static Result<ChangeDraft[]> Read(JsonObject body, List<string> ignored)
    {
        if (body["changes"] is not JsonArray changes)
        {
            return new GatewayError(ErrorKind.ValidationError, "The body must be an object with an array 'changes'.") { Target = "changes" };
        }

        if (changes.Count > Maximum)
        {
            return new GatewayError(ErrorKind.RequestTooLarge, $"A change set holds at most {Maximum} changes; this one has {changes.Count}.");
        }

        ignored.AddRange(body.Select(member => member.Key).Where(name => name != "changes").Take(SchemaReading.MaximumIgnored));
        var errors = new ErrorList();
        var drafts = new List<ChangeDraft>(changes.Count);
        for (var i = 0; i < changes.Count; i++)
        {
            var own = new ErrorList();
            if (Read(changes[i], i, own, ignored) is { } draft)
            {
                drafts.Add(draft);
            }

            errors.AddRange(own.ToArray(i));
        }

        return errors.IsEmpty ? drafts.ToArray() : errors.ToArray();
    }

    private static ChangeDraft? Read(JsonNode? node, int index, ErrorList errors, List<string> ignored)
    {
        if (node is not JsonObject change)
        {
            errors.Add(null, "A change must be a JSON object.");
            return null;
        }

        var word = Text(change, "op", errors, isRequired: true);
        var operation = _operations.FirstOrDefault(operation => string.Equals(operation.Word, word, StringComparison.OrdinalIgnoreCase));
        if (word is not null && operation.Word is null)
        {
            errors.Add("op", "'op' must be put, patch or delete.");
        }

        var match = Match(Text(change, "id", errors, isRequired: true), errors);
        if (match is not null && operation.Word is not null && !match.Kind.Verbs.HasFlag(operation.Verb))
        {
            errors.Add("op", $"A resource of kind '{match.Kind.Name}' cannot be changed with '{operation.Word}'.");
        }

        var ifMatch = Text(change, "ifMatch", errors, isRequired: false)?.Trim('"');
        var cascade = change["cascade"];
        if (cascade is not null && cascade.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            errors.Add("cascade", "'cascade' must be true or false.");
        }

        ignored.AddRange(change.Select(member => member.Key).Where(name => !_members.Contains(name))
            .Take(Math.Max(0, SchemaReading.MaximumIgnored - ignored.Count)).Select(name => $"changes[{index}].{name}"));
        var properties = operation.Operation == ChangeOperation.Delete && operation.Word is not null ? null : Properties(change, errors);
        return !errors.IsEmpty ? null : new ChangeDraft
        {
            Operation = operation.Operation,
            Kind = match!.Kind,
            Id = match.Id,
            Properties = properties,
            IfMatch = ifMatch,
            Cascade = cascade?.GetValueKind() == JsonValueKind.True,
        };
    }

    private static JsonObject? Properties(JsonObject change, ErrorList errors)
    {
        var properties = ResourceBody.Properties(change);
        errors.AddRange(properties.Errors);
        return properties.Value;
    }

    private static ResourceMatch? Match(string? id, ErrorList errors)
    {
        if (id is null)
        {
            return null;
        }

        var path = id.StartsWith("/subscriptions/", StringComparison.OrdinalIgnoreCase) ? ResourcePath.Shorten(id) : id;
        if (path.Length < 2 || path[0] != '/' || path.EndsWith('/') || path.Contains("//", StringComparison.Ordinal))
        {
            errors.Add("id", "'id' must be a path below the service such as /apis/orders.");
            return null;
        }

        if (ResourceKinds.Match(path) is not { } match)
        {
            errors.Add("id", $"There is no kind of resource at '{PathRules.Shorten(path)}'.");
            return null;
        }

        if (PathRules.RefuseWrite(match.Id) is { } error)
        {
            errors.AddRange([error]);
            return null;
        }

        return match;
    }

    private static string? Text(JsonObject change, string name, ErrorList errors, bool isRequired)
    {
        switch (change[name])
        {
            case null when isRequired:
                errors.Add(name, $"'{name}' is required.");
                return null;
            case null:
                return null;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                return value.GetValue<string>();
            default:
                errors.Add(name, $"'{name}' must be a string.");
                return null;
        }
    }
}
