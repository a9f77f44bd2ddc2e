using System.Collections.Frozen;
using Gateway.Contracts.Publications;
using Gateway.Edge.Backends;
using Gateway.Edge.Caching;
using Gateway.Edge.Certificates;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>The service-wide part of a publication, ready to serve. Used again while its chunk does not change.</summary>
internal sealed class ServiceModel
{
    // Holds the program that the pipelines run.
    private readonly List<ParsedDocument> _documents = [];

    /// <summary>Builds it.</summary>
    /// <param name="chunkName">The name of its chunk.</param>
    /// <param name="chunk">Its content.</param>
    /// <param name="pipelines">Makes pipelines.</param>
    /// <param name="before">The one of the publication before; null for none.</param>
    /// <exception cref="FormatException">A policy document does not suit this version.</exception>
    public ServiceModel(string chunkName, ServiceChunk chunk, PipelineFactory pipelines, ServiceModel? before)
    {
        ChunkName = chunkName;
        ServiceName = chunk.ServiceName;
        Pipeline = PolicyPipeline.OfGlobal(chunk.Policy is { } global ? Parse(pipelines, PolicyScope.Global, global).Document : null);
        Products = [.. chunk.Products.Select(entry => new ProductModel(
            entry,
            pipelines.Extend(Pipeline, entry.Policy is { } text ? Parse(pipelines, PolicyScope.Product, text) : null)))];
        Certificates = new CertificateTable(chunk.Certificates, before?.Certificates);
        Backends = chunk.Backends
            .DistinctBy(entry => entry.Id, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(entry => entry.Id, entry => new BackendModel(entry, Certificates, before?.Backends.GetValueOrDefault(entry.Id)), StringComparer.OrdinalIgnoreCase);
        foreach (var entry in chunk.Backends)
        {
            if (entry.Pool is not null)
            {
                Backends[entry.Id].Pool = new(entry, id => Backends.GetValueOrDefault(id));
            }
        }

        Cache = chunk.Cache is not { } cache ? null
            : before?.Cache is { } held && held.Id == cache.Id && held.ConnectionString == cache.ConnectionString ? held
            : new(cache.Id, cache.ConnectionString);
        Loggers = chunk.Loggers.ToFrozenDictionary(
            entry => entry.Id,
            entry => new LoggerInfo(entry.Id, entry.Type, entry.Credentials.ToFrozenDictionary(pair => pair.Name, pair => pair.Text, StringComparer.OrdinalIgnoreCase), entry.IsBuffered),
            StringComparer.Ordinal);
        Schemas = chunk.Schemas.ToFrozenDictionary(entry => entry.Id, entry => SchemaOf(entry, before), StringComparer.Ordinal);
        ProductsByApi = chunk.Products
            .SelectMany(entry => entry.Apis, (entry, api) => (Api: api, Product: Products.First(model => model.Info.Id == entry.Id)))
            .ToLookup(pair => pair.Api, pair => pair.Product, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The name of the chunk it was built from.</summary>
    public string ChunkName { get; }

    /// <summary>The service's name.</summary>
    public string ServiceName { get; }

    /// <summary>The global pipeline.</summary>
    public PolicyPipeline Pipeline { get; }

    /// <summary>The products, by id.</summary>
    public ProductModel[] Products { get; }

    /// <summary>The products that hold an API.</summary>
    public ILookup<string, ProductModel> ProductsByApi { get; }

    /// <summary>The backends by id.</summary>
    public FrozenDictionary<string, BackendModel> Backends { get; }

    /// <summary>The certificates.</summary>
    public CertificateTable Certificates { get; }

    /// <summary>The external cache; null for none.</summary>
    public CacheInfo? Cache { get; }

    /// <summary>The loggers by id.</summary>
    public FrozenDictionary<string, LoggerInfo> Loggers { get; }

    /// <summary>The schemas by id.</summary>
    public FrozenDictionary<string, SchemaInfo> Schemas { get; }

    // What policies made of a schema is kept with it.
    private static SchemaInfo SchemaOf(SchemaEntry entry, ServiceModel? before) =>
        before?.Schemas.GetValueOrDefault(entry.Id) is { } held && held.Type == entry.Type && held.Text == entry.Text ? held : new(entry.Id, entry.Type, entry.Text);

    private ParsedDocument Parse(PipelineFactory pipelines, PolicyScope scope, string tree)
    {
        var document = pipelines.Parse(new PolicyText(scope, tree));
        _documents.Add(document);
        return document;
    }
}
