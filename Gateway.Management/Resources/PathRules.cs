using Gateway.Contracts.Catalog.Kinds;
using Gateway.Contracts.Results;

namespace Gateway.Management.Resources;

/// <summary>Checks the ids in a path against the rules of their kinds.</summary>
internal static class PathRules
{
    /// <summary>What is wrong with the ids of a resource's or a collection's path; null when nothing is.</summary>
    /// <param name="id">The path in canonical spelling.</param>
    public static GatewayError? Refuse(string id)
    {
        var segments = id.Split('/')[1..];
        for (var length = 2; length <= segments.Length; length += 2)
        {
            var name = segments[length - 1];
            var rule = ResourceKinds.Match("/" + string.Join('/', segments[..length]))?.Kind.Id ?? IdRule.Length256;
            if (!rule.Allows(name))
            {
                return new GatewayError(ErrorKind.ValidationError, $"'{Shorten(name)}' is not an id of {segments[length - 2]}: it must have {rule.Summary}.") { Target = "id" };
            }
        }

        return null;
    }

    /// <summary>The same for a path that is to be written: what is built in cannot be.</summary>
    public static GatewayError? RefuseWrite(string id) => Refuse(id) ?? (ResourceKinds.IsBuiltIn(id)
        ? new GatewayError(ErrorKind.ValidationError, $"'{id}' is built in: it cannot be written or deleted.") { Target = "id" }
        : null);

    /// <summary>A text from a caller, short enough for a message.</summary>
    public static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}
