using Gateway.Contracts.Publications;

namespace Gateway.Contracts.Federation;

/// <summary>Names of the federation. Wire.</summary>
public static class FederationNames
{
    /// <summary>Where a hub's publications for a site are kept, and their grain's key: a name that no gateway can have.</summary>
    private const string Prefix = "federation/";

    /// <summary>The key of the grain with the publications that a hub gives to a site. Their chunks hold no programs, and are named by SHA-256.</summary>
    /// <param name="gateway">The gateway that the site is.</param>
    public static string PublicationsOf(string gateway) => Prefix + gateway;

    /// <summary>The gateway that the publications of a grain are for a site of; null for those of edges.</summary>
    public static string? GatewayOf(string publications) => publications.StartsWith(Prefix, StringComparison.Ordinal) ? publications[Prefix.Length..] : null;

    /// <summary>The path below a hub's address of what a site asks for.</summary>
    /// <param name="gateway">The gateway that the site is.</param>
    /// <param name="rest">What it asks for, without a slash in front.</param>
    public static string Path(string gateway, string rest) => $"federation/v1/gateways/{Uri.EscapeDataString(gateway)}/{rest}";

    /// <summary>The entity tag of a publication, without quotes.</summary>
    public static string TagOf(PublicationId publication) => publication.ToString();

    /// <summary>The publication of an entity tag, with or without quotes; null when it is none.</summary>
    public static PublicationId? PublicationOf(string tag)
    {
        var bare = tag.AsSpan().Trim();
        bare = bare is ['"', .., '"'] ? bare[1..^1] : bare;
        var slash = bare.LastIndexOf('/');
        return slash is > 0 and <= 128 && long.TryParse(bare[(slash + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? new PublicationId(bare[..slash].ToString(), number)
            : null;
    }
}
