namespace Gateway.Grains.Publications.Projection;

/// <summary>A resource's path, taken apart.</summary>
internal static class ResourcePath
{
    /// <summary>The segments of a path.</summary>
    public static string[] Split(string id) => id.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// A reference as the catalog spells ids: <c>/products/x</c> stays, the ARM id <c>/subscriptions/…/service/s/products/x</c>
    /// is cut down to it, and the service itself becomes <c>/</c>.
    /// </summary>
    public static string Short(string reference)
    {
        const string Provider = "/providers/Microsoft.ApiManagement/service/";
        var at = reference.IndexOf(Provider, StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            var rest = reference.AsSpan(at + Provider.Length);
            var slash = rest.IndexOf('/');
            reference = slash < 0 ? "/" : rest[slash..].ToString();
        }

        return reference.Length > 1 ? "/" + reference.Trim('/') : "/";
    }
}
