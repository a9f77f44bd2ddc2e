using System.Security.Cryptography;
using Gateway.Policies.Expressions.Context;
using Gateway.Policies.Expressions.Runtime;

namespace Gateway.Policies.Expressions.Api;

/// <summary>Encrypts bytes by algorithm: CBC with PKCS #7 padding.</summary>
public static class CipherExtensions
{
    /// <summary>Encrypts.</summary>
    /// <param name="input">What to encrypt.</param>
    /// <param name="alg"><c>Aes</c>, <c>TripleDES</c> or <c>DES</c>, in any case; <c>Rijndael</c> means Aes.</param>
    /// <param name="key">The key, of a length that the algorithm takes.</param>
    /// <param name="iv">The initialisation vector, of the length of a block.</param>
    /// <exception cref="CryptographicException">The algorithm is not known, or key or vector do not suit it.</exception>
    public static byte[] Encrypt(this byte[] input, string alg, byte[] key, byte[] iv) => Ciphers.Encrypt(Charged(input), alg, key, iv);

    /// <summary>Decrypts what <c>Encrypt</c> gave.</summary>
    /// <param name="input">What to decrypt.</param>
    /// <param name="alg"><c>Aes</c>, <c>TripleDES</c> or <c>DES</c>, in any case; <c>Rijndael</c> means Aes.</param>
    /// <param name="key">The key.</param>
    /// <param name="iv">The initialisation vector.</param>
    /// <exception cref="CryptographicException">
    /// The algorithm is not known, key or vector do not suit it, or the input was not made with them.
    /// </exception>
    public static byte[] Decrypt(this byte[] input, string alg, byte[] key, byte[] iv) => Ciphers.Decrypt(Charged(input), alg, key, iv);

    /// <summary>Encrypts by an algorithm with its own key, vector, mode and padding.</summary>
    /// <param name="input">What to encrypt.</param>
    /// <param name="alg">The algorithm.</param>
    /// <exception cref="CryptographicException">Key or vector do not suit it.</exception>
    public static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg) => Ciphers.Encrypt(Charged(input), alg, alg.Key, alg.IV);

    /// <summary>Encrypts by an algorithm with its own mode and padding.</summary>
    /// <param name="input">What to encrypt.</param>
    /// <param name="alg">The algorithm.</param>
    /// <param name="key">The key.</param>
    /// <param name="iv">The initialisation vector.</param>
    /// <exception cref="CryptographicException">Key or vector do not suit it.</exception>
    public static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv) => Ciphers.Encrypt(Charged(input), alg, key, iv);

    /// <summary>Decrypts by an algorithm with its own key, vector, mode and padding.</summary>
    /// <param name="input">What to decrypt.</param>
    /// <param name="alg">The algorithm.</param>
    /// <exception cref="CryptographicException">Key or vector do not suit it, or the input was not made with them.</exception>
    public static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg) => Ciphers.Decrypt(Charged(input), alg, alg.Key, alg.IV);

    /// <summary>Decrypts by an algorithm with its own mode and padding.</summary>
    /// <param name="input">What to decrypt.</param>
    /// <param name="alg">The algorithm.</param>
    /// <param name="key">The key.</param>
    /// <param name="iv">The initialisation vector.</param>
    /// <exception cref="CryptographicException">Key or vector do not suit it, or the input was not made with them.</exception>
    public static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv) => Ciphers.Decrypt(Charged(input), alg, key, iv);

    private static byte[] Charged(byte[] input)
    {
        Budget.Reserve(input.Length);
        return input;
    }
}
