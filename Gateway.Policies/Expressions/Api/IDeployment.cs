using System.Security.Cryptography.X509Certificates;

namespace Gateway.Policies.Expressions.Api;

/// <summary>The gateway and what it belongs to.</summary>
public interface IDeployment
{
    /// <summary>The certificates of the catalog by thumbprint. They are found by their ids as well. Case does not matter.</summary>
    IReadOnlyDictionary<string, X509Certificate2> Certificates { get; }

    /// <summary>The gateway.</summary>
    IGateway Gateway { get; }

    /// <summary>The gateway's id; <c>managed</c> for the built-in one.</summary>
    string GatewayId { get; }

    /// <summary>Where the gateway is: the name of its location; the gateway's id when it has none.</summary>
    string Region { get; }

    /// <summary>Names the installation.</summary>
    string ServiceId { get; }

    /// <summary>The service's name.</summary>
    string ServiceName { get; }
}
