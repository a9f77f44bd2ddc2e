using Gateway.Contracts.Publications;
using Gateway.Contracts.Results;
using Gateway.Edge.Callers;
using Gateway.Edge.Matching;
using Gateway.Edge.Publications;

namespace Gateway.Edge.Models;

/// <summary>Builds the model of a publication from the one before: pages that did not change are used again and not looked into.</summary>
internal sealed class PublicationBuilder
{
    private readonly PipelineFactory _pipelines;
    private readonly List<GatewayError> _errors = [];
    private readonly PublicationContent _content;
    private readonly PublicationModel? _before;
    private readonly IReadOnlyDictionary<string, LoadedProgram>[] _programs;
    private readonly List<SubscriptionEntry> _gone = [];
    private readonly List<SubscriptionEntry> _added = [];
    private ApiTable _apis;

    private PublicationBuilder(PublicationContent content, PublicationModel? before)
    {
        _content = content;
        _before = before;
        _apis = before?.Apis ?? ApiTable.Empty;
        _programs = [.. Enumerable.Range(0, IndexPage.Count).Select(number => IsSame(number) ? Old(number).Programs : Load(content.Pages[number], Old(number)))];
        _pipelines = new PipelineFactory(FindProgram);
    }

    /// <summary>Builds it; says every part that cannot be built.</summary>
    /// <param name="content">The publication.</param>
    /// <param name="before">The model in force; null for none.</param>
    public static Result<PublicationModel> Build(PublicationContent content, PublicationModel? before) => new PublicationBuilder(content, before).Build();

    private Result<PublicationModel> Build()
    {
        // What needs a program that could not be loaded would only say so again.
        var service = _errors.Count > 0 ? null
            : _before?.Service is { } held && held.ChunkName == _content.Service.Name ? held
            : Try(() => new ServiceModel(_content.Service.Name, _content.Service.Value, _pipelines, _before?.Service), "the service-wide part");
        if (service is null)
        {
            return _errors.ToArray();
        }

        var isSameService = ReferenceEquals(service, _before?.Service);
        var pages = new PageModel[IndexPage.Count];
        for (var number = 0; number < pages.Length; number++)
        {
            pages[number] = isSameService && IsSame(number) ? Old(number) : Build(number, service, isSameService);
        }

        return _errors.Count > 0 ? _errors.ToArray() : new PublicationModel
        {
            Id = _content.Manifest.Id,
            ExpressionAbi = _content.ExpressionAbi,
            Service = service,
            Pages = pages,
            Apis = _apis,
            Callers = (_before?.Callers ?? CallerTable.Empty).Change(_gone, _added),
        };
    }

    private PageModel Old(int number) => _before?.Pages[number] ?? PageModel.Empty;

    // A page may be the same and be read for programs of another ABI.
    private bool IsSame(int number) => _content.Pages[number].Name == Old(number).Source.Name && _content.ExpressionAbi == _before?.ExpressionAbi;

    private Dictionary<string, LoadedProgram> Load(ContentPage source, PageModel old)
    {
        var programs = new Dictionary<string, LoadedProgram>(source.Programs.Count, StringComparer.Ordinal);
        foreach (var chunk in source.Programs)
        {
            var program = old.Programs.GetValueOrDefault(chunk.Value.Key) is { } held && held.ChunkName == chunk.Name ? held
                : Try(() => new LoadedProgram(chunk.Name, chunk.Value), $"program {chunk.Id}");
            if (program is not null)
            {
                programs.Add(chunk.Value.Key, program);
            }
        }

        return programs;
    }

    private LoadedProgram? FindProgram(string key) =>
        _content.ExpressionAbi is { } abi ? _programs[IndexPage.Of(ChunkKind.Program, ProgramChunk.Id(key, abi))].GetValueOrDefault(key) : null;

    private PageModel Build(int number, ServiceModel service, bool isSameService)
    {
        var (source, old) = (_content.Pages[number], Old(number));
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
                _apis = (held is null ? _apis : _apis.Without(held)).With(api);
            }
        }

        foreach (var gone in old.Apis.Values.Where(api => !apis.ContainsKey(api.Info.Id)))
        {
            _apis = _apis.Without(gone);
        }

        TakeCallers(source, old.Source);
        return new PageModel(source, apis, _programs[number]);
    }

    private void TakeCallers(ContentPage source, ContentPage old)
    {
        var left = old.Subscriptions.ToDictionary(bucket => bucket.Id, StringComparer.Ordinal);
        foreach (var bucket in source.Subscriptions)
        {
            left.Remove(bucket.Id, out var held);
            if (held?.Name != bucket.Name)
            {
                // Those that stayed equal are not touched.
                var (before, after) = (held?.Value.Subscriptions ?? [], bucket.Value.Subscriptions);
                _gone.AddRange(before.Except(after));
                _added.AddRange(after.Except(before));
            }
        }

        _gone.AddRange(left.Values.SelectMany(bucket => bucket.Value.Subscriptions));
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
