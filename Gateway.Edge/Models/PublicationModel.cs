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

    /// <summary>What it was built from; the next publication is compared with it.</summary>
    public required PublicationContent Content { get; init; }

    /// <summary>The service-wide part.</summary>
    public required ServiceModel Service { get; init; }

    /// <summary>The APIs by id.</summary>
    public required IReadOnlyDictionary<string, ApiModel> ApisById { get; init; }

    /// <summary>The APIs by path.</summary>
    public required ApiTree Apis { get; init; }

    /// <summary>The keys.</summary>
    public required CallerTable Callers { get; init; }
}
