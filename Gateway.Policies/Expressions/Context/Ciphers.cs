using System.Security.Cryptography;

namespace Gateway.Policies.Expressions.Context;

/// <summary>Symmetric ciphers by name.</summary>
internal static class Ciphers
{
    public static byte[] Encrypt(byte[] input, string name, byte[] key, byte[] iv)
    {
        using var cipher = Make(name);
        cipher.Key = key;
        return cipher.EncryptCbc(input, iv);
    }

    public static byte[] Decrypt(byte[] input, string name, byte[] key, byte[] iv)
    {
        using var cipher = Make(name);
        cipher.Key = key;
        return cipher.DecryptCbc(input, iv);
    }

    public static byte[] Encrypt(byte[] input, SymmetricAlgorithm cipher, byte[] key, byte[] iv)
    {
        using var transform = cipher.CreateEncryptor(key, iv);
        return transform.TransformFinalBlock(input, 0, input.Length);
    }

    public static byte[] Decrypt(byte[] input, SymmetricAlgorithm cipher, byte[] key, byte[] iv)
    {
        using var transform = cipher.CreateDecryptor(key, iv);
        return transform.TransformFinalBlock(input, 0, input.Length);
    }

    /// <summary>A cipher with a random key and vector.</summary>
    /// <exception cref="CryptographicException">The name is not known.</exception>
    public static SymmetricAlgorithm Make(string name) => name?.ToUpperInvariant() switch
    {
        "AES" or "RIJNDAEL" or "AESMANAGED" or "RIJNDAELMANAGED" => Aes.Create(),
        "3DES" or "TRIPLEDES" or "TRIPLE DES" => TripleDES.Create(),
        "DES" => DES.Create(),
        _ => throw new CryptographicException("The algorithm is not known. Known are Aes, TripleDES and DES."),
    };
}
