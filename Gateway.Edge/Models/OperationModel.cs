using Gateway.Edge.Matching;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>One operation, ready to serve.</summary>
internal sealed class OperationModel
{
    /// <summary>The operation as policies see it.</summary>
    public required OperationInfo Info { get; init; }

    /// <summary>Its URL template.</summary>
    public required UrlTemplate Template { get; init; }

    /// <summary>Names of the parameters in its template, of path and query.</summary>
    public required string[] ParameterNames { get; init; }

    /// <summary>Examples of its responses; only where a policy may ask for them.</summary>
    public IReadOnlyList<ResponseExample> Examples { get; init; } = [];

    /// <summary>Names of the query parameters in its template.</summary>
    public required string[] QueryNames { get; init; }

    /// <summary>What runs when the caller comes through no product.</summary>
    public required PolicyPipeline Pipeline { get; init; }

    /// <summary>What runs when the caller comes through a product: one for each of the API's products, in their order.</summary>
    public required KeyValuePair<ProductModel, PolicyPipeline>[] ProductPipelines { get; init; }

    /// <summary>True when it takes any method.</summary>
    public bool TakesAnyMethod => Info.Method == "*";

    /// <summary>True when method and query of a request suit it.</summary>
    public bool Accepts(string method, ReadOnlySpan<char> query)
    {
        if (Info.Method != method && !TakesAnyMethod)
        {
            return false;
        }

        foreach (var requirement in Template.Query)
        {
            if (!requirement.IsMet(query))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What runs for a caller of this product; null for none.</summary>
    public PolicyPipeline PipelineFor(ProductModel? product)
    {
        if (product is not null)
        {
            foreach (var (held, pipeline) in ProductPipelines)
            {
                if (ReferenceEquals(held, product))
                {
                    return pipeline;
                }
            }
        }

        return Pipeline;
    }
}
