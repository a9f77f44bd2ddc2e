namespace Gateway.Policies.Expressions.Api;

/// <summary>An operation.</summary>
public interface IOperation
{
    /// <summary>The operation's id.</summary>
    string Id { get; }

    /// <summary>The method, e.g. <c>GET</c>.</summary>
    string Method { get; }

    /// <summary>The name shown to people.</summary>
    string Name { get; }

    /// <summary>The template, relative to the API's path.</summary>
    string UrlTemplate { get; }
}
