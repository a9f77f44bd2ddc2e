using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Schemas;
using Gateway.Contracts.Results;
using Gateway.Policies.Policies.Validation.Content;

namespace Gateway.Grains.Catalog;

/// <summary>Looks whether bodies can be judged by the schemas of a change set, as edges will do. Pure.</summary>
internal static class SchemaChecks
{
    /// <summary>True when there is something to look at.</summary>
    public static bool Applies(Change change) => change is { Operation: ChangeOperation.Put, Properties: not null } && ResourceKinds.Match(change.Id)?.Kind is SchemaKind;

    /// <summary>Every finding with the index of its change.</summary>
    public static GatewayError[] Run(Change[] changes) =>
        [.. changes.Index().Where(change => Applies(change.Item)).Select(change => Judge(change.Index, change.Item)).OfType<GatewayError>().Take(Commits.CommitErrors.Maximum)];

    private static GatewayError? Judge(int index, Change change)
    {
        var properties = JsonNode.Parse(change.Properties!)!.AsObject();
        var property = properties["value"] is not null ? "value" : "document";
        // What is missing, or is no text, is told with the other rules of the kind.
        var text = property == "value" ? (string?)properties["value"] : properties["document"]?.ToJsonString();
        if (text is null || SchemaCheck.Find((string?)properties["schemaType"] ?? "json", text) is not { } fault)
        {
            return null;
        }

        var place = property == "value" && fault.Line > 0 ? $" (line {fault.Line}, column {fault.Column})" : "";
        return new(ErrorKind.ValidationError, $"The schema cannot be used. {fault.Message.TrimEnd('.')}{place}.") { Target = $"properties.{property}", Index = index };
    }
}
