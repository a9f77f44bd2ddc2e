using Gateway.Contracts.Publications;
using Gateway.Edge.Callers;
using Gateway.Edge.Matching;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Models;

/// <summary>One publication, ready to serve. Immutable; a request holds the one that was in force when it began to its end.</summary>
internal sealed class PublicationModel
{
    /// <summary>Its name.</summary>
    public required PublicationId Id { get; init; }

    /// <summary>The expression ABI of its programs; null without programs.</summary>
    public required int? ExpressionAbi { get; init; }

    /// <summary>The service-wide part.</summary>
    public required ServiceModel Service { get; init; }

    /// <summary>The pages by number; one that did not change is the same object as in the model before.</summary>
    public required PageModel[] Pages { get; init; }

    /// <summary>The APIs by host and path.</summary>
    public required ApiTable Apis { get; init; }

    /// <summary>The keys.</summary>
    public required CallerTable Callers { get; init; }

    /// <summary>All APIs, in no particular order.</summary>
    public IEnumerable<ApiModel> AllApis => Pages.SelectMany(page => page.Apis.Values);

    /// <summary>The API of an id, or null.</summary>
    public ApiModel? FindApi(string id) => Pages[IndexPage.Of(ChunkKind.Api, id)].Apis.GetValueOrDefault(id);
}

/// <summary>What was built from one page of a publication.</summary>
/// <param name="Source">The page; the next publication's is compared with it.</param>
/// <param name="Apis">Its APIs by id.</param>
/// <param name="Programs">Its programs by key.</param>
internal sealed record PageModel(ContentPage Source, IReadOnlyDictionary<string, ApiModel> Apis, IReadOnlyDictionary<string, LoadedProgram> Programs)
{
    /// <summary>A page without chunks.</summary>
    public static PageModel Empty { get; } = new(ContentPage.Empty, new Dictionary<string, ApiModel>(), new Dictionary<string, LoadedProgram>());
}
