namespace Gateway.Policies.Expressions.Api;

/// <summary>Other ways to write what a request offers.</summary>
public static class RequestExtensions
{
    /// <summary>The value that the request has for a parameter of the operation's template; null when there is none.</summary>
    public static string? MatchedParameters(this IRequest request, string name) => request.MatchedParameters.GetValueOrDefault(name);

    /// <summary>The value that the request has for a parameter of the operation's template; the default when there is none.</summary>
    public static string? MatchedParameters(this IRequest request, string name, string? defaultValue) =>
        request.MatchedParameters.GetValueOrDefault(name, defaultValue);
}
