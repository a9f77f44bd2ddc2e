using System.Security.Cryptography;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Symmetric ciphers by name.</summary>
internal static class Ciphers
{
    public static byte[] Encrypt(byte[] input, string name, byte[] key, byte[] iv)
    {
        using var cipher = Make(name, key);
        return cipher.EncryptCbc(input, iv);
    }

    public static byte[] Decrypt(byte[] input, string name, byte[] key, byte[] iv)
    {
        using var cipher = Make(name, key);
        return cipher.DecryptCbc(input, iv);
    }

    private static SymmetricAlgorithm Make(string name, byte[] key)
    {
        SymmetricAlgorithm cipher = name.ToUpperInvariant() switch
        {
            "AES" or "RIJNDAEL" or "AESMANAGED" or "RIJNDAELMANAGED" => Aes.Create(),
            "3DES" or "TRIPLEDES" or "TRIPLE DES" => TripleDES.Create(),
            "DES" => DES.Create(),
            _ => throw new CryptographicException("The algorithm is not known. Known are Aes, TripleDES and DES."),
        };
        cipher.Key = key;
        return cipher;
    }
}
