namespace Gateway.Edge.Matching;

/// <summary>Reads the host that a request names, as <c>Host</c> or <c>:authority</c>.</summary>
internal static class RequestHost
{
    // The longest name that DNS has. A longer one is no host of ours, and must not be looked up label by label.
    private const int LongestName = 253;

    /// <summary>The name without its port and without the dot of a full name; empty when there is none.</summary>
    /// <param name="value">The header's value; an IPv6 address stays in its brackets.</param>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> value)
    {
        var end = value.StartsWith('[') ? value.IndexOf(']') + 1 : value.IndexOf(':');
        var name = end < 0 ? value : value[..end];
        name = name.EndsWith('.') ? name[..^1] : name;
        return name.Length <= LongestName ? name : [];
    }
}
