using System.Security.Cryptography;
using Gateway.Contracts.Results;

namespace Gateway.Contracts.Secrets;

/// <summary>
/// Seals bytes under one key with AES-GCM-256. Wire: a record is the version byte 1, the key's id (8 bytes), a random
/// nonce (12 bytes), the cipher text, and the tag (16 bytes). Safe to use from many threads.
/// </summary>
public sealed class SecretBox
{
    /// <summary>Bytes that a record has more than its plain content.</summary>
    public const int Overhead = HeaderLength + NonceLength + TagLength;

    private const byte Version = 1;
    private const int KeyIdLength = 8;
    private const int HeaderLength = 1 + KeyIdLength;
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _key;
    private readonly byte[] _keyId;

    internal SecretBox(byte[] key)
    {
        _key = key;
        _keyId = KeyDerivation.Derive(key, "key-id", KeyIdLength);
    }

    /// <summary>The key's id, 16 hex digits: stands in every record, tells nothing about the key.</summary>
    public string KeyId => Convert.ToHexStringLower(_keyId);

    /// <summary>Encrypts.</summary>
    /// <param name="plain">What to keep secret.</param>
    /// <param name="associated">What the record belongs to; it opens only with the same bytes, so that records cannot change places.</param>
    public byte[] Seal(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated)
    {
        var record = new byte[plain.Length + Overhead];
        record[0] = Version;
        _keyId.CopyTo(record.AsSpan(1));
        var nonce = record.AsSpan(HeaderLength, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce, plain, record.AsSpan(HeaderLength + NonceLength, plain.Length), record.AsSpan(record.Length - TagLength), associated);
        return record;
    }

    /// <summary>Decrypts; the errors tell a record of another key from a damaged or misplaced one.</summary>
    /// <param name="record">What <see cref="Seal"/> made.</param>
    /// <param name="associated">The bytes given to <see cref="Seal"/>.</param>
    public Result<byte[]> Open(ReadOnlySpan<byte> record, ReadOnlySpan<byte> associated)
    {
        if (record.Length < Overhead || record[0] != Version)
        {
            return Refused("The record is not a sealed record of a version that this program knows.");
        }

        var keyId = record.Slice(1, KeyIdLength);
        if (!keyId.SequenceEqual(_keyId))
        {
            return Refused($"The record is sealed under the key {Convert.ToHexStringLower(keyId)}, this process has the key {KeyId}.");
        }

        var plain = new byte[record.Length - Overhead];
        using var aes = new AesGcm(_key, TagLength);
        try
        {
            aes.Decrypt(record.Slice(HeaderLength, NonceLength), record.Slice(HeaderLength + NonceLength, plain.Length), record[^TagLength..], plain, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return Refused("The sealed record is damaged, or belongs elsewhere.");
        }

        return plain;
    }

    /// <summary>True when a record says that it was sealed under this key. Nothing of it is verified.</summary>
    public bool IsOf(ReadOnlySpan<byte> record) => record.Length >= Overhead && record[0] == Version && record.Slice(1, KeyIdLength).SequenceEqual(_keyId);

    /// <inheritdoc />
    public override string ToString() => $"box {KeyId}";

    private static GatewayError Refused(string message) => new(ErrorKind.ValidationError, message);
}
