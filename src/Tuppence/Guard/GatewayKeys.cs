using System.Security.Cryptography;
using System.Text;
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
    public bool Contains(string candidate)
    {
        if (digests.Length == 0)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(candidate), digest);
        var found = false;
        foreach (var known in digests)
        {
            // No early exit: which key matched is nobody's business either.
            found |= CryptographicOperations.FixedTimeEquals(known, digest);
        }

        return found;
    }
}
