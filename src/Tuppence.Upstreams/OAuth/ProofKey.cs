using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>A PKCE verifier with its S256 challenge (RFC 7636 sections 4.1 and 4.2); <c>plain</c> is never offered.</summary>
/// <param name="Verifier">43 characters that hold 256 random bits.</param>
/// <param name="Challenge">What the authorization request carries.</param>
public sealed record ProofKey(Secret Verifier, string Challenge)
{
    /// <summary>A fresh one.</summary>
    public static ProofKey Create(Func<int, byte[]> random)
    {
        var verifier = RandomText(random);
        return new ProofKey(new Secret(verifier), ChallengeOf(verifier));
    }

    /// <summary>The S256 challenge of a verifier.</summary>
    public static string ChallengeOf(string verifier) => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    /// <summary>256 random bits as text, for <c>state</c>, <c>nonce</c> and the verifier.</summary>
    internal static string RandomText(Func<int, byte[]> random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Base64Url.EncodeToString(random(32));
    }
}
