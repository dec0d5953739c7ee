using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>
/// Seals the tokens of a grant by AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce. What says where the tokens may go is bound to them:
/// a row whose upstream, origin, issuer or endpoints were edited does not open.
/// </summary>
internal static class GrantCipher
{
    private const int NonceLength = 12;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;

    /// <summary>Nonce, tag and sealed tokens, as base64.</summary>
    public static string Seal(StoredGrant grant, StoreKey key)
    {
        var plain = Write(grant);
        var sealedBytes = new byte[NonceLength + TagLength + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = key.Cipher();
        cipher.Encrypt(nonce, plain, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength), Bound(grant));
        CryptographicOperations.ZeroMemory(plain);
        return Convert.ToBase64String(sealedBytes);
    }

    /// <summary><paramref name="grant"/> with its tokens, or null where they do not open.</summary>
    public static StoredGrant? Open(StoredGrant grant, string text, StoreKey key)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length) || length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[length - NonceLength - TagLength];
        try
        {
            using var cipher = key.Cipher();
            cipher.Decrypt(bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength + TagLength, plain.Length), bytes.AsSpan(NonceLength, TagLength), plain, Bound(grant));
            return Read(grant, plain);
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    private static byte[] Write(StoredGrant grant)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("access_token", grant.AccessToken.Reveal());
            if (grant.RefreshToken is { } refresh)
            {
                writer.WriteString("refresh_token", refresh.Reveal());
            }

            if (grant.IdToken is { } id)
            {
                writer.WriteString("id_token", id.Reveal());
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static StoredGrant? Read(StoredGrant grant, byte[] plain)
    {
        using var document = JsonDocument.Parse(plain);
        return Token("access_token") is { } access ? grant with { AccessToken = access, RefreshToken = Token("refresh_token"), IdToken = Token("id_token") } : null;

        Secret? Token(string name) => document.RootElement.TryGetProperty(name, out var value) && value.GetString() is { } text ? new Secret(text) : null;
    }

    private static byte[] Bound(StoredGrant grant)
    {
        var text = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string?>)[grant.Upstream, grant.Account, grant.Origin, grant.Issuer, grant.ClientId, grant.TokenEndpoint.AbsoluteUri, grant.RevocationEndpoint?.AbsoluteUri])
        {
            // Length first, so that no two lists read alike.
            text.Append(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:{part};");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
