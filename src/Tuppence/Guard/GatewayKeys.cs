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
    private readonly string[] names;

    /// <summary>Takes the keys in.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="names">Their names, in the same order; there may be fewer.</param>
    public GatewayKeys(IReadOnlyList<Secret> keys, IReadOnlyList<string> names)
    {
        digests = [.. keys.Select(static key => SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal())))];
        this.names = [.. NamesOf(keys.Count, names)];
    }

    /// <summary>True where a request must carry a key.</summary>
    public bool AreRequired => digests.Length > 0;

    /// <summary>True where <paramref name="candidate"/> is one of the keys.</summary>
    public bool Contains(string candidate) => IndexOf(candidate) >= 0;

    /// <summary>The name of the key that a request carries, or null where it carries none. Tells nothing of the key.</summary>
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

        return index < 0 ? null : names[index];
    }

    /// <summary>The name of each key: the given one, else its place in the configuration, <c>key 1</c> for the first.</summary>
    public static IEnumerable<string> NamesOf(int keys, IReadOnlyList<string> names) =>
        Enumerable.Range(0, keys).Select(index => index < names.Count ? names[index] : string.Create(CultureInfo.InvariantCulture, $"key {index + 1}"));

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
