using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;

namespace Gateway.Edge.Publications;

/// <summary>What turns a publication into the model that requests are served from.</summary>
public interface IPublicationSink
{
    /// <summary>
    /// Builds the model and puts it in force by one swap; requests under way keep the model they began with. Calls never
    /// overlap. On errors nothing changes: the publication counts as rejected and the errors' messages as the reason.
    /// </summary>
    /// <returns>The publication now in force, or why it could not be built.</returns>
    ValueTask<Result<PublicationId>> ApplyAsync(PublicationContent content, CancellationToken cancellationToken);
}
