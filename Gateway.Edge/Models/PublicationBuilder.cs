using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Callers;
using Gateway.Edge.Matching;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Models;

/// <summary>Builds the model of a publication from the one before: pages that did not change are used again and not looked into.</summary>
internal sealed class PublicationBuilder
{
    private readonly PipelineFactory _pipelines = new();
    private readonly List<GatewayError> _errors = [];
    private readonly PublicationModel? _before;
    private readonly ServiceModel? _service;
    private ApiTree _tree;
    private CallerTable _callers;

    private PublicationBuilder(PublicationContent content, PublicationModel? before)
    {
        _before = before;
        _tree = before?.Apis ?? ApiTree.Empty;
        _callers = before?.Callers ?? CallerTable.Empty;
        _service = before?.Service is { } held && held.ChunkName == content.Service.Name ? held
            : Try(() => new ServiceModel(content.Service.Name, content.Service.Value, _pipelines), "the service-wide part");
    }

    /// <summary>Builds it; says every part that cannot be built.</summary>
    /// <param name="content">The publication.</param>
    /// <param name="before">The model in force; null for none.</param>
    public static Result<PublicationModel> Build(PublicationContent content, PublicationModel? before) =>
        new PublicationBuilder(content, before).Build(content);

    private Result<PublicationModel> Build(PublicationContent content)
    {
        if (_service is null)
        {
            return _errors.ToArray();
        }

        var isSameService = ReferenceEquals(_service, _before?.Service);
        var pages = new PageModel[IndexPage.Count];
        for (var number = 0; number < pages.Length; number++)
        {
            var (source, old) = (content.Pages[number], _before?.Pages[number] ?? PageModel.Empty);
            pages[number] = isSameService && source.Name == old.Source.Name ? old : Build(source, old, _service, isSameService);
        }

        return _errors.Count > 0 ? _errors.ToArray() : new PublicationModel
        {
            Id = content.Manifest.Id,
            Service = _service,
            Pages = pages,
            Apis = _tree,
            Callers = _callers,
        };
    }

    private PageModel Build(ContentPage source, PageModel old, ServiceModel service, bool isSameService)
    {
        var apis = new Dictionary<string, ApiModel>(source.Apis.Count, StringComparer.Ordinal);
        foreach (var chunk in source.Apis)
        {
            var held = old.Apis.GetValueOrDefault(chunk.Id);
            var isSame = held?.ChunkName == chunk.Name;
            if (held is not null && isSame && isSameService)
            {
                apis.Add(chunk.Id, held);
                continue;
            }

            if (held is not null && isSame)
            {
                _pipelines.Adopt(held.Documents);
            }

            if (Try(() => ApiBuilder.Build(chunk, service, _pipelines), $"API '{chunk.Id}'") is { } api)
            {
                apis.Add(chunk.Id, api);
                _tree = (held is null ? _tree : _tree.Without(held)).With(api);
            }
        }

        foreach (var gone in old.Apis.Values.Where(api => !apis.ContainsKey(api.Info.Id)))
        {
            _tree = _tree.Without(gone);
        }

        TakeCallers(source, old.Source);
        return new PageModel(source, apis);
    }

    private void TakeCallers(ContentPage source, ContentPage old)
    {
        var left = old.Subscriptions.ToDictionary(bucket => bucket.Id, StringComparer.Ordinal);
        foreach (var bucket in source.Subscriptions)
        {
            left.Remove(bucket.Id, out var held);
            if (held?.Name != bucket.Name)
            {
                _callers = _callers.With(held?.Value.Subscriptions ?? [], bucket.Value.Subscriptions);
            }
        }

        foreach (var gone in left.Values)
        {
            _callers = _callers.With(gone.Value.Subscriptions, []);
        }
    }

    private T? Try<T>(Func<T> build, string what) where T : class
    {
        try
        {
            return build();
        }
        catch (FormatException e)
        {
            _errors.Add(new GatewayError(ErrorKind.ValidationError, $"In {what}: {e.Message}"));
            return null;
        }
    }
}
