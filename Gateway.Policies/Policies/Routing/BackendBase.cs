namespace Gateway.Policies.Policies.Routing;

/// <summary>Where a policy sends requests to.</summary>
/// <param name="Url">Absolute URL without query and without a slash at its end.</param>
/// <param name="Query">Its query with the question mark, or empty.</param>
public readonly record struct BackendBase(string Url, string Query);
