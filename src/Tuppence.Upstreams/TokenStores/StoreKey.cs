using System.Security.Cryptography;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>The 256-bit key under which grants are sealed. Its text form is its public name.</summary>
public sealed class StoreKey
{
    /// <summary>Length of a key in bytes.</summary>
    public const int Length = 32;

    private readonly byte[] bytes;

    /// <summary>A key of <see cref="Length"/> bytes.</summary>
    public StoreKey(byte[] bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A key has {Length} bytes.", nameof(bytes));
        }

        this.bytes = bytes;
        Name = Convert.ToHexStringLower(SHA256.HashData([.. "tuppence-token-key"u8, .. bytes]).AsSpan(0, 8));
    }

    /// <summary>Names the key without telling it: 64 bits of a hash, in hexadecimal.</summary>
    public string Name { get; }

    /// <summary>A new key, by the operating system's generator.</summary>
    public static StoreKey Create() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>The key in its text form for a key store (base64), or null where <paramref name="text"/> is none.</summary>
    public static StoreKey? Parse(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Length];
        return Convert.TryFromBase64Chars(text.Trim(), bytes, out var length) && length == Length ? new StoreKey(bytes) : null;
    }

    /// <summary>The key itself, as base64, for the place that keeps it.</summary>
    public string Reveal() => Convert.ToBase64String(bytes);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal AesGcm Cipher() => new(bytes, AesGcm.TagByteSizes.MaxSize);
}
