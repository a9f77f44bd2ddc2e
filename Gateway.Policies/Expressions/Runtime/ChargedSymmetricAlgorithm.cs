using System.Security.Cryptography;
using Gateway.Policies.Expressions.Context;

namespace Gateway.Policies.Expressions.Runtime;

/// <summary>Stands in for <c>SymmetricAlgorithm.Create</c>, which would make an object of any type by its name.</summary>
public static class ChargedSymmetricAlgorithm
{
    /// <summary><c>SymmetricAlgorithm.Create(name)</c>.</summary>
    public static SymmetricAlgorithm Create(string algName) => Ciphers.Make(algName);
}
