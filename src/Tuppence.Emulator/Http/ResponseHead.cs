using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Tuppence.Emulator.Http;

/// <summary>The headers that every response of the API carries.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/rate-limits and /errors (2026-08-22). The limits are invented and never run out.</remarks>
internal static class ResponseHead
{
    private const string Organization = "7e4b0c52-0000-4000-8000-74757070656e";
    private const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static readonly (string Name, int Limit)[] Limits =
    [
        ("requests", 4_000), ("tokens", 2_400_000), ("input-tokens", 2_000_000), ("output-tokens", 400_000),
    ];

    /// <summary>Sets <c>request-id</c>, <c>anthropic-organization-id</c> and the rate-limit headers.</summary>
    public static void Write(IHeaderDictionary headers, string requestId, DateTimeOffset now)
    {
        headers["request-id"] = requestId;
        headers["anthropic-organization-id"] = Organization;
        var reset = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        foreach (var (name, limit) in Limits)
        {
            headers[$"anthropic-ratelimit-{name}-limit"] = limit.ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{name}-remaining"] = (limit - 1).ToString(CultureInfo.InvariantCulture);
            headers[$"anthropic-ratelimit-{name}-reset"] = reset;
        }
    }

    /// <summary>An id like the API's, <paramref name="prefix"/> and 24 letters, made of a digest of <paramref name="parts"/>.</summary>
    public static string Id(string prefix, params ReadOnlySpan<string> parts)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', parts)), digest);
        var letters = new char[24];
        (letters[0], letters[1]) = ('0', '1');
        for (var i = 2; i < letters.Length; i++)
        {
            letters[i] = Alphabet[digest[i] % Alphabet.Length];
        }

        return prefix + new string(letters);
    }
}
