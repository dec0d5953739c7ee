using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>A grant as a JSON object of the token file. Members that this version does not know stay as they are.</summary>
internal static class GrantRow
{
    private static readonly Secret Unopened = new("");

    /// <summary>Name of the key that the row's tokens are sealed with, or null where the row does not say.</summary>
    public static string? KeyName(JsonObject row) => Text(row, "sealed_with");

    /// <summary>The upstream of a row, or null.</summary>
    public static string? Upstream(JsonObject row) => Text(row, "upstream");

    /// <summary>The account of a row; empty where the issuer did not name one.</summary>
    public static string Account(JsonObject row) => Text(row, "account") ?? "";

    /// <summary>Generation of a row; 0 where it has none.</summary>
    public static long Generation(JsonObject row) => Number(row, "generation") is { } value ? (long)value : 0;

    /// <summary>The row's entry, or null where a member is missing or the tokens do not open.</summary>
    public static StoredEntry? Read(JsonObject row, StoreKey key)
    {
        if (Text(row, "origin") is not { } origin || Text(row, "issuer") is not { } issuer || Address(row, "token_endpoint") is not { } endpoint
            || Time(row, "issued_at") is not { } issued || Text(row, "tokens") is not { } tokens)
        {
            return null;
        }

        var shell = new StoredGrant
        {
            Upstream = Upstream(row) ?? "",
            Origin = origin,
            Account = Account(row),
            Issuer = issuer,
            ClientId = Text(row, "client_id"),
            TokenEndpoint = endpoint,
            RevocationEndpoint = Address(row, "revocation_endpoint"),
            SecretInBody = row["secret_in_body"] is JsonValue inBody && inBody.GetValueKind() == JsonValueKind.True,
            Scope = Text(row, "scope"),
            IssuedAt = issued,
            Lifetime = Number(row, "lifetime_seconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Generation = Generation(row),
            AccessToken = Unopened,
        };
        return GrantCipher.Open(shell, tokens, key) is { } grant ? new StoredEntry(grant, ReadMark(row)) : null;
    }

    /// <summary>Writes a grant into a row.</summary>
    public static void Write(JsonObject row, StoredGrant grant, StoreKey key)
    {
        row["upstream"] = grant.Upstream;
        row["account"] = grant.Account;
        row["origin"] = grant.Origin;
        row["issuer"] = grant.Issuer;
        Set(row, "client_id", grant.ClientId);
        row["token_endpoint"] = grant.TokenEndpoint.AbsoluteUri;
        Set(row, "revocation_endpoint", grant.RevocationEndpoint?.AbsoluteUri);
        Set(row, "secret_in_body", grant.SecretInBody ? true : null);
        Set(row, "scope", grant.Scope);
        row["issued_at"] = Stamp(grant.IssuedAt);
        Set(row, "lifetime_seconds", grant.Lifetime is { } lifetime ? lifetime.TotalSeconds : null);
        row["generation"] = grant.Generation;
        row["sealed_with"] = key.Name;
        row["tokens"] = GrantCipher.Seal(grant, key);
    }

    /// <summary>Sets or clears the mark of a row.</summary>
    public static void Write(JsonObject row, RefreshMark? mark)
    {
        if (mark is null)
        {
            row.Remove("refresh");
            return;
        }

        var node = new JsonObject { ["since"] = Stamp(mark.Since), ["sent"] = mark.Sent };
        Set(node, "not_before", mark.NotBefore is { } time ? Stamp(time) : null);
        Set(node, "ended", mark.Ended);
        row["refresh"] = node;
    }

    private static RefreshMark? ReadMark(JsonObject row) =>
        row["refresh"] is not JsonObject node ? null
            // A mark that does not read is one all the same: the token may have been sent.
            : new RefreshMark(Time(node, "since") ?? DateTimeOffset.UnixEpoch, (int)Math.Clamp(Number(node, "sent") ?? 1, 0, RefreshMark.MostSent))
            {
                NotBefore = Time(node, "not_before"),
                Ended = Text(node, "ended"),
            };

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static void Set(JsonObject row, string name, JsonNode? value)
    {
        if (value is null)
        {
            row.Remove(name);
        }
        else
        {
            row[name] = value;
        }
    }

    private static string? Text(JsonObject row, string name) => row[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    private static double? Number(JsonObject row, string name) =>
        row[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e10 ? number : null;

    private static Uri? Address(JsonObject row, string name) => Uri.TryCreate(Text(row, name), UriKind.Absolute, out var address) ? address : null;

    private static DateTimeOffset? Time(JsonObject row, string name) =>
        DateTimeOffset.TryParse(Text(row, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
