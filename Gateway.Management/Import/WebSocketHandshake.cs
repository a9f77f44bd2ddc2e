using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Contracts.Catalog;
using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Catalog.Kinds.Apis;
using Gateway.Contracts.Catalog.Kinds.Operations;
using Gateway.Contracts.Results;
using Gateway.Management.Changes;
using Gateway.Management.Resources;

namespace Gateway.Management.Import;

/// <summary>The operation of a web socket API, which the reference product makes along with it: the handshake, by which clients connect and policies are chosen.</summary>
internal sealed class WebSocketHandshake(Catalog catalog)
{
    private const string Id = "onHandshake";
    private static readonly ResourceKind _operationKind = ResourceKinds.All.OfType<OperationKind>().Single();

    /// <summary>True for the PUT of a web socket API.</summary>
    public static bool Applies(ChangeDraft draft) => draft is { Kind: ApiKind, Operation: ChangeOperation.Put, Properties: { } properties }
        && properties["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && "websocket".Equals((string?)type, StringComparison.OrdinalIgnoreCase);

    /// <summary>The API, and its handshake when neither the catalog nor the caller has an operation of it.</summary>
    /// <param name="draft">The PUT.</param>
    /// <param name="puts">Paths that the caller puts himself in the same change set.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<Result<ChangeDraft[]>> UnfoldAsync(ChangeDraft draft, IReadOnlySet<string> puts, CancellationToken cancellationToken)
    {
        var operations = $"{draft.Id}/operations";
        if (puts.Any(put => ResourcePath.Collection(put) == operations))
        {
            return (ChangeDraft[])[draft];
        }

        var existing = await catalog.Reader.List(new ResourceQuery { Collection = operations, Top = 1 }, cancellationToken);
        if (!existing.IsSuccess && existing.Errors.Any(error => error.Code != ErrorKind.ResourceNotFound))
        {
            return existing.Errors;
        }

        return existing.IsSuccess && existing.Value.Resources.Length > 0 ? (ChangeDraft[])[draft] :
        [
            draft,
            new()
            {
                Operation = ChangeOperation.Put,
                Kind = _operationKind,
                Id = $"{operations}/{Id}",
                Properties = new JsonObject { ["displayName"] = Id, ["method"] = "GET", ["urlTemplate"] = "/" },
            },
        ];
    }
}
