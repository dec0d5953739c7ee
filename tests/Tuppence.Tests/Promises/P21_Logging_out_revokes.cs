using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Promises;

/// <summary>P21: signing out revokes the refresh token, then the rest, then forgets both; what the issuer was not told is said.</summary>
public sealed class P21_Logging_out_revokes
{
    [Fact]
    public async Task The_refresh_token_first_and_then_it_is_gone_here()
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer);

        var result = await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.True(result.WasSignedIn);
        Assert.Empty(result.NotRevoked);
        Assert.Equal([("refresh-1", "refresh_token"), ("access-1", "access_token")], scene.Server.Forms("/revoke").Select(static form => (form["token"], form["token_type_hint"])));
        Assert.Empty(scene.Keeper.Grants);
    }

    [Fact]
    public async Task While_the_issuer_is_asked_the_tokens_are_still_kept()
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer);
        var kept = new List<bool>();
        scene.Server.Revocation = call =>
        {
            kept.Add(scene.Keeper.Grants.ContainsKey("work"));
            return call.AnswerAsync(200, "");
        };

        await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.Equal([true, true], kept);
    }

    [Fact]
    public async Task Offline_it_forgets_and_says_what_was_not_revoked()
    {
        using var dead = new ClosedPort();
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(dead.Url);

        var result = await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.Empty(scene.Keeper.Grants);
        Assert.Equal(2, result.NotRevoked.Count);
        Assert.StartsWith("The refresh token was not revoked", result.NotRevoked[0], StringComparison.Ordinal);
        Assert.Contains("stays valid", result.NotRevoked[0], StringComparison.Ordinal);
        Assert.All(result.NotRevoked, static text => Assert.DoesNotContain("refresh-1", text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(503, "", "busy (503)")]
    [InlineData(500, "", "answered 500")]
    [InlineData(400, """{"error":"invalid_client"}""", "invalid_client")]
    [InlineData(302, "", "answered 302")]
    public async Task An_issuer_that_does_not_take_it_is_told_of(int status, string body, string shown)
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer);
        scene.Server.Revocation = call => call.AnswerAsync(status, body);

        var result = await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.Contains(shown, result.NotRevoked[0], StringComparison.Ordinal);
        Assert.Empty(scene.Keeper.Grants);
    }

    [Fact]
    public async Task An_issuer_without_revocation_is_told_of()
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer) with { RevocationEndpoint = null };

        var result = await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.Contains("no revocation endpoint", Assert.Single(result.NotRevoked), StringComparison.Ordinal);
        Assert.Empty(scene.Server.Calls);
    }

    [Fact]
    public async Task Tokens_that_cannot_be_deleted_are_told_of()
    {
        await using var scene = new IssuerScene();
        scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer);
        scene.Keeper.Problem = "The folder is read-only.";

        var result = await new SignOut(scene.Keeper, scene.Http).RunAsync("work", null, TestContext.Current.CancellationToken);

        Assert.Equal("The folder is read-only.", result.NotDeleted);
    }

    [Fact]
    public async Task A_confidential_client_shows_its_secret_as_the_issuer_wants_it()
    {
        await using var scene = new IssuerScene();
        foreach (var inBody in new[] { false, true })
        {
            scene.Keeper.Grants["work"] = Grant(scene.Server.Issuer) with { SecretInBody = inBody, RefreshToken = null };
            await new SignOut(scene.Keeper, scene.Http).RunAsync("work", new Secret("s3cret"), TestContext.Current.CancellationToken);
        }

        Assert.Equal(["Basic " + Convert.ToBase64String("tuppence-test:s3cret"u8), null], scene.Server.Calls.Select(static call => call["Authorization"]), StringComparer.Ordinal);
        Assert.Equal([null, "s3cret"], scene.Server.Forms("/revoke").Select(static form => form.GetValueOrDefault("client_secret")), StringComparer.Ordinal);
    }

    internal static StoredGrant Grant(string issuer) => new()
    {
        Upstream = "work",
        Origin = "https://llm.example",
        Account = "ada@example.test",
        Issuer = issuer,
        ClientId = AuthorizationServer.ClientId,
        TokenEndpoint = new Uri(issuer + "/token"),
        RevocationEndpoint = new Uri(issuer + "/revoke"),
        AccessToken = new Secret("access-1"),
        RefreshToken = new Secret("refresh-1"),
        IssuedAt = DateTimeOffset.UtcNow,
        Lifetime = TimeSpan.FromHours(1),
    };
}
