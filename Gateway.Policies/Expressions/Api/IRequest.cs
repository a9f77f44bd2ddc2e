using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Expressions.Api;

/// <summary>The request.</summary>
public interface IRequest
{
    /// <summary>The body; null when the request has none.</summary>
    IMessageBody Body { get; }

    /// <summary>The client's certificate; null when it presented none.</summary>
    X509Certificate2? Certificate { get; }

    /// <summary>The headers by name, in any case; as policies have changed them.</summary>
    IReadOnlyDictionary<string, string[]> Headers { get; }

    /// <summary>The address of the other end of the client's connection.</summary>
    string IpAddress { get; }

    /// <summary>The values that the request has for the parameters of the operation's template, unescaped, by name in any case.</summary>
    IReadOnlyDictionary<string, string> MatchedParameters { get; }

    /// <summary>The method, e.g. <c>GET</c>.</summary>
    string Method { get; }

    /// <summary>The URL that the client asked for.</summary>
    IUrl OriginalUrl { get; }

    /// <summary>The private endpoint that the request came through. This gateway has none: always null.</summary>
    IPrivateEndpointConnection? PrivateEndpointConnection { get; }

    /// <summary>The URL that the request is going to be forwarded to, as policies have changed it.</summary>
    IUrl Url { get; }
}

/// <summary>A private endpoint.</summary>
public interface IPrivateEndpointConnection
{
    /// <summary>The id of its group.</summary>
    string GroupId { get; }

    /// <summary>The name of its member.</summary>
    string MemberName { get; }

    /// <summary>Its name.</summary>
    string Name { get; }
}
