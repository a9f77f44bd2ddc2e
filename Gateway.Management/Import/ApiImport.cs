using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Apis;
using Gateway.Contracts.Catalog.Kinds.ApiSchemas;
using Gateway.Contracts.Catalog.Kinds.Operations;
using Gateway.Contracts.Results;
using Gateway.Management.Changes;
using Gateway.Management.Resources;
using Microsoft.OpenApi;

namespace Gateway.Management.Import;

/// <summary>
/// Unfolds a PUT of an API that carries a document (<c>format</c> and <c>value</c>) into the API, its types, its operations, and
/// deletes of what the document no longer has.
/// </summary>
internal sealed class ApiImport(Catalog catalog)
{
    private const int PageSize = 1000;
    private const int MaximumDisplayName = 300;
    private const int MaximumDescription = 10_000;

    private static readonly string[] _own = ["format", "value", "wsdlSelector", "translateRequiredQueryParameters"];
    private static readonly ResourceKind _operationKind = ResourceKinds.All.OfType<OperationKind>().Single();
    private static readonly ResourceKind _schemaKind = ResourceKinds.All.OfType<ApiSchemaKind>().Single();

    /// <summary>True when a PUT of this kind may carry a document.</summary>
    public static bool MayApplyTo(ResourceKind kind) => kind is ApiKind;

    /// <summary>True when the draft carries a document.</summary>
    public static bool Applies(ChangeDraft draft) => MayApplyTo(draft.Kind) && draft.Operation == ChangeOperation.Put
        && draft.Properties is { } properties && (properties.ContainsKey("format") || properties.ContainsKey("value"));

    /// <summary>The API first, then deletes, then its operations; or what is wrong with the document.</summary>
    /// <param name="draft">The PUT.</param>
    /// <param name="puts">Paths that the caller puts himself in the same change set: his word stands above the document's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Result<ChangeDraft[]>> UnfoldAsync(ChangeDraft draft, IReadOnlySet<string> puts, CancellationToken cancellationToken)
    {
        var request = ImportRequest.Read(draft.Properties!);
        if (!request.IsSuccess)
        {
            return request.Errors;
        }

        var document = DocumentReader.Read(request.Value);
        if (!document.IsSuccess)
        {
            return document.Errors;
        }

        var types = new DocumentTypes(document.Value);
        var operations = DocumentOperations.Read(document.Value, request.Value.RequiredQueryInTemplate, types);
        if (!operations.IsSuccess)
        {
            return operations.Errors;
        }

        var prefix = $"{draft.Id}/operations/";
        var wanted = operations.Value.Select(operation => prefix + operation.Id).ToHashSet(StringComparer.Ordinal);
        var existing = await ExistingAsync($"{draft.Id}/operations", cancellationToken);
        var known = await ExistingAsync($"{draft.Id}/schemas", cancellationToken);
        if (!existing.IsSuccess || !known.IsSuccess)
        {
            return existing.IsSuccess ? known.Errors : existing.Errors;
        }

        var schema = $"{draft.Id}/schemas/{DocumentTypes.SchemaId}";

        return (ChangeDraft[])
        [
            draft with { Properties = ApiProperties(draft, document.Value) },
            .. Types(schema, puts.Contains(schema) ? null : types.Properties, known.Value.Contains(schema) && !puts.Contains(schema)),
            .. existing.Value.Where(id => !wanted.Contains(id) && !puts.Contains(id)).Select(id =>
                new ChangeDraft { Operation = ChangeOperation.Delete, Kind = _operationKind, Id = id }),
            .. operations.Value.Where(operation => !puts.Contains(prefix + operation.Id)).Select(operation =>
                new ChangeDraft { Operation = ChangeOperation.Put, Kind = _operationKind, Id = prefix + operation.Id, Properties = operation.Properties }),
        ];
    }

    private static ChangeDraft[] Types(string id, JsonObject? properties, bool isThere) =>
        properties is not null ? [new() { Operation = ChangeOperation.Put, Kind = _schemaKind, Id = id, Properties = properties }]
        : isThere ? [new() { Operation = ChangeOperation.Delete, Kind = _schemaKind, Id = id }]
        : [];

    private static JsonObject ApiProperties(ChangeDraft draft, OpenApiDocument document)
    {
        var properties = draft.Properties!.DeepClone().AsObject();
        foreach (var name in _own)
        {
            properties.Remove(name);
        }

        var title = DocumentText.Line(document.Info?.Title, MaximumDisplayName);
        Offer(properties, "displayName", title.Length > 0 ? title : ResourcePath.Name(draft.Id));
        Offer(properties, "description", DocumentText.Text(document.Info?.Description, MaximumDescription));
        Offer(properties, "serviceUrl", DocumentText.ServiceUrl(document));
        return properties;
    }

    private static void Offer(JsonObject properties, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value) && (!properties.TryGetPropertyValue(name, out var given) || given is null || given.GetValueKind() == JsonValueKind.Null))
        {
            properties[name] = value;
        }
    }

    private async Task<Result<List<string>>> ExistingAsync(string collection, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        while (true)
        {
            var query = new ResourceQuery { Collection = collection, Skip = ids.Count, Top = PageSize };
            var page = await catalog.Reader.List(query, cancellationToken);
            if (!page.IsSuccess)
            {
                return page.Errors.All(error => error.Code == ErrorKind.ResourceNotFound) ? ids : page.Errors;
            }

            ids.AddRange(page.Value.Resources.Select(resource => resource.Id));
            if (page.Value.Resources.Length == 0 || ids.Count >= page.Value.Total)
            {
                return ids;
            }
        }
    }
}
