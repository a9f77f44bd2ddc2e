using System.Text;
using Gateway.Contracts.Publications;
using Gateway.Edge.Matching;
using Gateway.Edge.Publications;
using Gateway.Policies.Documents;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>Builds the model of one API.</summary>
internal sealed class ApiBuilder(ServiceModel service, PipelineFactory pipelines)
{
    private readonly Dictionary<PolicyText, ParsedDocument> _documents = [];

    /// <summary>Builds it.</summary>
    /// <exception cref="FormatException">A template or a policy document does not suit this version.</exception>
    public static ApiModel Build(DecodedChunk<ApiChunk> chunk, ServiceModel service, PipelineFactory pipelines) =>
        new ApiBuilder(service, pipelines).Build(chunk);

    private ApiModel Build(DecodedChunk<ApiChunk> source)
    {
        var chunk = source.Value;
        var document = Parse(PolicyScope.Api, chunk.Policy);
        var schemas = (chunk.Schemas ?? []).ToDictionary(entry => entry.Id, entry => (new SchemaInfo(entry.Id, entry.Type, entry.Text), entry.Types), StringComparer.Ordinal);
        ProductModel[] products = [.. service.ProductsByApi[chunk.Id]];
        var pipeline = pipelines.Extend(service.Pipeline, document);
        var ways = Array.ConvertAll(
            products, product => KeyValuePair.Create(product, pipelines.Extend(product.Pipeline, document)));
        return new ApiModel
        {
            Info = new ApiInfo(chunk.Id, chunk.DisplayName, chunk.Path, chunk.Revision, chunk.ServiceUrl?.TrimEnd('/'))
            {
                Protocols = chunk.Protocols,
                KeyHeader = chunk.KeyHeader,
                KeyQuery = chunk.KeyQuery,
            },
            ChunkName = source.Name,
            PathSegments = chunk.Path.Split('/', StringSplitOptions.RemoveEmptyEntries),
            Hostnames = [.. chunk.Hostnames],
            ServesHttp = Has(chunk, "http", "ws"),
            ServesHttps = Has(chunk, "https", "wss"),
            SubscriptionRequired = chunk.SubscriptionRequired,
            KeyHeader = chunk.KeyHeader,
            KeyQuery = chunk.KeyQuery,
            Products = products,
            OpenProduct = Array.Find(products, product => !product.Info.SubscriptionRequired),
            Operations = new OperationTree(chunk.Operations.Select(entry => Build(entry, pipeline, ways, schemas))),
            Pipeline = pipeline,
            Documents = _documents,
        };
    }

    private OperationModel Build(
        OperationEntry entry, PolicyPipeline pipeline, KeyValuePair<ProductModel, PolicyPipeline>[] ways,
        IReadOnlyDictionary<string, (SchemaInfo Schema, string? Types)> schemas)
    {
        if (!UrlTemplate.TryParse(entry.UrlTemplate, out var template, out var error))
        {
            throw new FormatException($"The URL template of operation '{entry.Id}' cannot be read. {error}");
        }

        var document = Parse(PolicyScope.Operation, entry.Policy);
        return new OperationModel
        {
            Info = new OperationInfo(entry.Id, entry.DisplayName, entry.Method, entry.UrlTemplate) { Shape = OperationShapes.Of(entry.Definition, template, schemas) },
            Template = template,
            ParameterNames = [.. template.ParameterNames],
            Examples = entry.Examples is { Count: > 0 } examples
                ? [.. examples.Select(example => new ResponseExample(example.Status, example.ContentType, Encoding.UTF8.GetBytes(example.Body ?? "")))]
                : [],
            QueryNames = [.. template.Query.Select(requirement => requirement.Name)],
            Pipeline = pipelines.Extend(pipeline, document),
            ProductPipelines = document is null ? ways
                : Array.ConvertAll(ways, way => KeyValuePair.Create(way.Key, pipelines.Extend(way.Value, document))),
        };
    }

    private ParsedDocument? Parse(PolicyScope scope, string? text)
    {
        if (text is null)
        {
            return null;
        }

        var key = new PolicyText(scope, text);
        return _documents[key] = pipelines.Parse(key);
    }

    private static bool Has(ApiChunk chunk, string scheme, string socketScheme) =>
        chunk.Protocols.Count == 0
        || chunk.Protocols.Contains(scheme, StringComparer.OrdinalIgnoreCase)
        || chunk.Protocols.Contains(socketScheme, StringComparer.OrdinalIgnoreCase);
}
