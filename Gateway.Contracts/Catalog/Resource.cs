namespace Gateway.Contracts.Catalog;

/// <summary>One entry of the catalog as readers see it: without the values of secret properties.</summary>
[GenerateSerializer, Immutable, Alias("gw.Resource")]
public sealed record Resource
{
    /// <summary>The path below the service, e.g. <c>/apis/orders/operations/get</c>.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>Opaque version of this resource, without quotes; changes with every change of its content.</summary>
    [Id(1)] public required string ETag { get; init; }

    /// <summary>The catalog version at which the content last changed.</summary>
    [Id(2)] public required long Version { get; init; }

    /// <summary>The properties as a UTF-8 JSON object.</summary>
    [Id(3)] public required byte[] Properties { get; init; }
}
