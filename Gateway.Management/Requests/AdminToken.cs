using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Gateway.Management.Requests;

/// <summary>The admin token. Only its hash is kept, and compared in a time that tells nothing of it.</summary>
internal sealed class AdminToken(string token)
{
    private const string Scheme = "Bearer ";

    private readonly byte[] _hash = Hash(token);

    /// <summary>True when the value of the Authorization header carries the token.</summary>
    public bool Allows(StringValues authorization)
    {
        if (authorization.Count != 1 || authorization[0] is not { } value
            || !value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return CryptographicOperations.FixedTimeEquals(Hash(value[Scheme.Length..]), _hash);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text.Trim()));
}
