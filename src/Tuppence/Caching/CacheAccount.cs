using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tuppence.Exchange;

namespace Tuppence.Caching;

/// <summary>Tells apart whose cache a request reads: one text for each upstream and account, from which no credential can be learned.</summary>
/// <remarks>
/// The upstream's own account is the upstream's name. A credential that came with a request is passed through a keyed hash whose key is
/// made at the start of the process and forgotten with it: the text says nothing to anybody else, and nothing after a restart.
/// </remarks>
internal sealed class CacheAccount
{
    /// <summary>Stands in every scope that belongs to a client's credential, and so must not be kept over a restart.</summary>
    public const char Passing = '~';

    private const int KeyLength = 32;
    private const int LongestOnStack = 1024;

    // What may name an account: the credential, and the workspace where one is chosen.
    private static readonly string[] Names = ["x-api-key", "authorization", "api-key", "x-goog-api-key", "anthropic-workspace-id"];

    private readonly byte[] key = RandomNumberGenerator.GetBytes(KeyLength);

    /// <summary>The scope of a request.</summary>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="usesClient">Whether with the client's credential.</param>
    /// <param name="headers">The client's header lines.</param>
    public string ScopeOf(Upstream upstream, bool usesClient, IHeaderDictionary headers)
    {
        if (!usesClient)
        {
            return upstream.Name;
        }

        var length = 0;
        foreach (var name in Names)
        {
            foreach (var line in headers[name])
            {
                length += Room(name) + Room(line ?? "");
            }
        }

        var text = length <= LongestOnStack ? stackalloc byte[LongestOnStack] : new byte[length];
        var at = 0;
        foreach (var name in Names)
        {
            foreach (var line in headers[name])
            {
                at += Write(name, text[at..]);
                at += Write(line ?? "", text[at..]);
            }
        }

        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, text[..at], digest);
        CryptographicOperations.ZeroMemory(text);
        return $"{upstream.Name}{Passing}{Base64Url.EncodeToString(digest[..12])}";
    }

    private static int Room(string text) => Encoding.UTF8.GetMaxByteCount(text.Length) + sizeof(int);

    // With its length, so that no two lists of texts come to the same bytes.
    private static int Write(string text, Span<byte> destination)
    {
        var written = Encoding.UTF8.GetBytes(text, destination[sizeof(int)..]);
        MemoryMarshal.Write(destination, written);
        return sizeof(int) + written;
    }
}
