using Gateway.Edge.Matching;
using Gateway.Policies.Execution;
using Gateway.Policies.Pipelines;

namespace Gateway.Edge.Models;

/// <summary>One API, ready to serve. Used again by every later publication in which neither it nor the service-wide part changed.</summary>
internal sealed class ApiModel
{
    /// <summary>The API as policies see it.</summary>
    public required ApiInfo Info { get; init; }

    /// <summary>The name of the chunk it was built from.</summary>
    public required string ChunkName { get; init; }

    /// <summary>The segments of its path; none when it answers at the root.</summary>
    public required string[] PathSegments { get; init; }

    /// <summary>The hosts it answers on, such as <c>api.example.com</c> or <c>*.example.com</c>; none: every host.</summary>
    public required string[] Hostnames { get; init; }

    /// <summary>True when it is reachable without TLS.</summary>
    public required bool ServesHttp { get; init; }

    /// <summary>True when it is reachable over TLS.</summary>
    public required bool ServesHttps { get; init; }

    /// <summary>False: callable without a key.</summary>
    public required bool SubscriptionRequired { get; init; }

    /// <summary>The header that carries the key.</summary>
    public required string KeyHeader { get; init; }

    /// <summary>The query parameter that carries the key when the header is absent.</summary>
    public required string KeyQuery { get; init; }

    /// <summary>The products that hold it, by id.</summary>
    public required ProductModel[] Products { get; init; }

    /// <summary>The product that is entered without a key; null when there is none.</summary>
    public required ProductModel? OpenProduct { get; init; }

    /// <summary>Its operations.</summary>
    public required OperationTree Operations { get; init; }

    /// <summary>Answers when no operation matches or the caller is refused: by its on-error section.</summary>
    public required PolicyPipeline Pipeline { get; init; }

    /// <summary>The documents it was built with, to be used again when only the service-wide part changes.</summary>
    public required IReadOnlyDictionary<PolicyText, ParsedDocument> Documents { get; init; }

    /// <summary>True when it is reachable over the scheme of a request.</summary>
    public bool Serves(bool isHttps) => isHttps ? ServesHttps : ServesHttp;

    /// <summary>The product of this id that holds the API, or null.</summary>
    public ProductModel? FindProduct(string id)
    {
        foreach (var product in Products)
        {
            if (product.Info.Id.Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return product;
            }
        }

        return null;
    }
}
