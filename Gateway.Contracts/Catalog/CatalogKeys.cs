namespace Gateway.Contracts.Catalog;

/// <summary>Grain keys of the catalog plane. One installation (ServiceId) holds one service.</summary>
public static class CatalogKeys
{
    /// <summary>The key of the one service of this installation.</summary>
    public const string Service = "service";

    /// <summary>The id of the built-in gateway, which serves every API unless it is unassigned.</summary>
    public const string ManagedGateway = "managed";
}
