using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Exchange;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Guard;

/// <summary>The configured gateway keys. Compared by digest in constant time, so that neither content nor length of a key shows in timing.</summary>
public sealed class GatewayKeys
{
    private readonly byte[][] digests;

    /// <summary>Takes the keys in.</summary>
    public GatewayKeys(IReadOnlyList<Secret> keys) => digests = [.. keys.Select(static key => SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())))];

    /// <summary>True where a request must carry a key.</summary>
    public bool AreRequired => digests.Length > 0;

    /// <summary>True where <paramref name="candidate"/> is one of the keys.</summary>
    public bool Contains(string candidate) => IndexOf(candidate) >= 0;

    /// <summary>A name for the key that a request carries, or null where it carries none: its place in the configuration, <c>key 1</c> for the first. Tells nothing of the key.</summary>
    public string? NameOf(IHeaderDictionary headers)
    {
        if (digests.Length == 0)
        {
            return null;
        }

        var index = headers.TryGetValue("x-api-key", out var lines) && lines is [{ } key, ..] ? IndexOf(key) : -1;
        if (index < 0 && ClientCredential.BearerOf(headers) is { } bearer)
        {
            index = IndexOf(bearer);
        }

        return index < 0 ? null : NameAt(index);
    }

    /// <summary>The name of the key at a place, from 0.</summary>
    public static string NameAt(int index) => string.Create(CultureInfo.InvariantCulture, $"key {index + 1}");

    private int IndexOf(string candidate)
    {
        if (digests.Length == 0)
        {
            return -1;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(candidate), digest);
        var found = -1;
        for (var i = 0; i < digests.Length; i++)
        {
            // No early exit: which key matched is nobody's business either.
            found = CryptographicOperations.FixedTimeEquals(digests[i], digest) ? i : found;
        }

        return found;
    }
}
