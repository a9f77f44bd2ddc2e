using Gateway.Contracts.Results;
using Gateway.Edge.Callers;
using Gateway.Edge.Matching;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Models;

/// <summary>Builds the model of a publication from the one before: what did not change is used again.</summary>
internal static class PublicationBuilder
{
    /// <summary>Builds it; says every part that cannot be built.</summary>
    /// <param name="content">The publication.</param>
    /// <param name="before">The model in force; null for none.</param>
    public static Result<PublicationModel> Build(PublicationContent content, PublicationModel? before)
    {
        var pipelines = new PipelineFactory();
        List<GatewayError> errors = [];
        var service = before?.Service is { } held && held.ChunkName == content.Service.Name ? held
            : Try(() => new ServiceModel(content.Service.Name, content.Service.Value, pipelines), "the service-wide part", errors);
        if (service is null)
        {
            return errors.ToArray();
        }

        var tree = before?.Apis ?? ApiTree.Empty;
        var apis = new Dictionary<string, ApiModel>(content.Apis.Count, StringComparer.Ordinal);
        foreach (var chunk in content.Apis)
        {
            var old = before?.ApisById.GetValueOrDefault(chunk.Id);
            var isSame = old?.ChunkName == chunk.Name;
            if (old is not null && isSame && ReferenceEquals(service, before?.Service))
            {
                apis.Add(chunk.Id, old);
                continue;
            }

            if (old is not null && isSame)
            {
                pipelines.Adopt(old.Documents);
            }

            if (Try(() => ApiBuilder.Build(chunk, service, pipelines), $"API '{chunk.Id}'", errors) is { } api)
            {
                apis.Add(chunk.Id, api);
                tree = (old is null ? tree : tree.Without(old)).With(api);
            }
        }

        foreach (var gone in before?.ApisById.Values.Where(api => !apis.ContainsKey(api.Info.Id)) ?? [])
        {
            tree = tree.Without(gone);
        }

        return errors.Count > 0 ? errors.ToArray() : new PublicationModel
        {
            Id = content.Manifest.Id,
            Content = content,
            Service = service,
            ApisById = apis,
            Apis = tree,
            Callers = BuildCallers(content, before),
        };
    }

    private static CallerTable BuildCallers(PublicationContent content, PublicationModel? before)
    {
        var callers = before?.Callers ?? CallerTable.Empty;
        var old = (before?.Content.Subscriptions ?? []).ToDictionary(bucket => bucket.Id, StringComparer.Ordinal);
        foreach (var bucket in content.Subscriptions)
        {
            old.Remove(bucket.Id, out var held);
            if (held?.Name != bucket.Name)
            {
                callers = callers.With(held?.Value.Subscriptions ?? [], bucket.Value.Subscriptions);
            }
        }

        return old.Values.Aggregate(callers, (table, gone) => table.With(gone.Value.Subscriptions, []));
    }

    private static T? Try<T>(Func<T> build, string what, List<GatewayError> errors) where T : class
    {
        try
        {
            return build();
        }
        catch (FormatException e)
        {
            errors.Add(new GatewayError(ErrorKind.ValidationError, $"In {what}: {e.Message}"));
            return null;
        }
    }
}
