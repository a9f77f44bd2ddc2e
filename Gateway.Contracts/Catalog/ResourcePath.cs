namespace Gateway.Contracts.Catalog;

/// <summary>Paths of resources below the service: <c>/apis/orders/operations/get</c>.</summary>
public static class ResourcePath
{
    private const string Provider = "/providers/Microsoft.ApiManagement/service/";

    /// <summary>The resource that holds this one's collection; null at the top.</summary>
    public static string? Parent(string id)
    {
        var end = id.LastIndexOf('/');
        end = end > 0 ? id.LastIndexOf('/', end - 1) : end;
        return end > 0 ? id[..end] : null;
    }

    /// <summary>The collection that holds this resource, e.g. <c>/apis/orders/operations</c>.</summary>
    public static string Collection(string id) => id[..Math.Max(id.LastIndexOf('/'), 0)];

    /// <summary>True for a resource of a collection at the top.</summary>
    /// <param name="id">The path.</param>
    /// <param name="collection">The collection, such as <c>/backends</c>.</param>
    public static bool IsOf(string id, string collection) => Collection(id) == collection && Name(id).Length > 0;

    /// <summary>The last segment.</summary>
    public static string Name(string id) => id[(id.LastIndexOf('/') + 1)..];

    /// <summary>
    /// A reference as stored: a full ARM id loses everything up to the service's name (<c>/</c> when nothing follows), a
    /// missing slash at the start is added and one at the end taken away.
    /// </summary>
    public static string Shorten(string reference)
    {
        var text = reference.Trim();
        var provider = text.IndexOf(Provider, StringComparison.OrdinalIgnoreCase);
        if (provider >= 0)
        {
            var end = text.IndexOf('/', provider + Provider.Length);
            text = end < 0 ? "/" : text[end..];
        }

        text = text.TrimEnd('/');
        return text.StartsWith('/') ? text : "/" + text;
    }
}
