using System.Text.Json.Nodes;
using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Unit.Upstreams;

public sealed class TokenFileTests : IDisposable
{
    private readonly TokenFolder folder = new();

    private string Json => folder["tokens.json"];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_stored_comes_back_whole_to_another_process()
    {
        var grant = Grant() with
        {
            RevocationEndpoint = new Uri("https://login.example/revoke"),
            IdToken = new Secret("id-\u00e9\""),
            Scope = "openid chat",
            Lifetime = TimeSpan.FromSeconds(3599.5),
        };
        await folder.SignInAsync(grant);

        using var other = Another();
        var (entry, problem) = await other.ReadAsync(Grants.Upstream, CancellationToken.None);
        Assert.Null(problem);
        Assert.Equal(new StoredEntry(grant with { Generation = 1 }, null), entry);
        Assert.Equal((default, "tokens.key"), (await other.ReadAsync("another", CancellationToken.None), Path.GetFileName(other.Warning!.Split('“', '”')[1])));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_made_by_the_first_sign_in_alone()
    {
        Assert.Equal(default, await folder.Store.ReadAsync("work", CancellationToken.None));
        Assert.Empty((await folder.Store.ListAsync(CancellationToken.None)).Problems);
        Assert.False(Directory.Exists(folder.Path));
        var before = folder.Store.Stamp();

        await folder.SignInAsync(Grant());

        Assert.NotEqual(before, folder.Store.Stamp());
    }

    [Fact]
    public async Task Several_upstreams_and_accounts_stand_side_by_side_and_the_last_sign_in_is_used()
    {
        await folder.SignInAsync(Grant());
        await folder.SignInAsync(Grant() with { Account = "bob@example.com" });
        await folder.SignInAsync(Grant() with { Upstream = "home", Account = "ada@home.example" });
        Assert.Equal("bob@example.com", (await folder.EntryAsync()).Grant.Account);

        using (var lease = await folder.LeaseAsync())
        {
            Assert.True((await lease.UseAsync("work", "ada@example.com", CancellationToken.None)).IsSaved);
            Assert.Equal(SaveOutcome.Superseded, (await lease.UseAsync("work", "nobody", CancellationToken.None)).Outcome);
        }

        Assert.Equal(("ada@example.com", 1), ((await folder.EntryAsync()).Grant.Account, (await folder.EntryAsync()).Grant.Generation));
        var list = await folder.Store.ListAsync(CancellationToken.None);
        Assert.Equal(
            ["home ada@home.example 3", "work ada@example.com 1", "work bob@example.com 2"],
            list.Entries.Select(static entry => $"{entry.Grant.Upstream} {entry.Grant.Account} {entry.Grant.Generation}").Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

        using (var lease = await folder.LeaseAsync())
        {
            await lease.RemoveAsync("work", "ada@example.com", CancellationToken.None);
            Assert.Equal("bob@example.com", (await lease.ReadAsync("work", CancellationToken.None)).Entry?.Grant.Account);
            await lease.RemoveAsync("work", null, CancellationToken.None);
        }

        Assert.Equal("home", Assert.Single((await folder.Store.ListAsync(CancellationToken.None)).Entries).Grant.Upstream);
        // No generation comes twice, so that a late refresh of a sign-in that is gone does not fit the next one.
        await folder.SignInAsync(Grant());
        Assert.Equal(4, (await folder.EntryAsync()).Grant.Generation);
    }

    [Fact]
    public async Task What_a_later_version_added_stays()
    {
        await folder.SignInAsync(Grant());
        Edit(static root =>
        {
            root["note"] = "mine";
            root["grants"]![0]!["colour"] = new JsonArray("red", 1.50m);
        });

        await folder.SignInAsync(Grant());
        var (entry, _) = await folder.EntryAsync();
        using (var lease = await folder.LeaseAsync())
        {
            await lease.MarkAsync(entry, new RefreshMark(DateTimeOffset.UnixEpoch, 1), CancellationToken.None);
        }

        var root = JsonNode.Parse(await File.ReadAllTextAsync(Json, TestContext.Current.CancellationToken))!;
        Assert.Equal("mine", root["note"]!.GetValue<string>());
        Assert.Equal("""["red",1.50]""", root["grants"]![0]!["colour"]!.ToJsonString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"format\":1,\"gra")]
    [InlineData("[]")]
    [InlineData("{\"format\":1}")]
    [InlineData("{\"format\":0,\"grants\":[]}")]
    [InlineData("{\"format\":1,\"grants\":[7]}")]
    [InlineData("{\"format\":1,\"grants\":[],\"format\":1}")]
    public async Task A_damaged_file_is_told_and_moved_aside_only_by_a_new_sign_in(string damaged)
    {
        await folder.SignInAsync(Grant());
        await File.WriteAllTextAsync(Json, damaged, TestContext.Current.CancellationToken);

        Assert.Contains("is damaged and cannot be read. Put back a copy of it, or sign in again", (await folder.Store.ReadAsync("work", CancellationToken.None)).Problem, StringComparison.Ordinal);
        using (var lease = await folder.LeaseAsync())
        {
            Assert.Equal(SaveOutcome.Failed, (await lease.ReplaceAsync(Grant() with { Generation = 2 }, CancellationToken.None)).Outcome);
            Assert.Equal(SaveOutcome.Failed, (await lease.RemoveAsync("work", null, CancellationToken.None)).Outcome);
        }

        Assert.Equal(damaged, await File.ReadAllTextAsync(Json, TestContext.Current.CancellationToken));

        for (var n = 1; n <= 2; n++)
        {
            await File.WriteAllTextAsync(Json, damaged, TestContext.Current.CancellationToken);
            await folder.SignInAsync(Grant());
            Assert.Equal(1, (await folder.EntryAsync()).Grant.Generation);
            Assert.Equal(damaged, await File.ReadAllTextAsync($"{Json}.broken-{n}", TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone_even_by_a_sign_in()
    {
        await folder.SignInAsync(Grant());
        Edit(static root => root["format"] = 2);

        Assert.Contains("was written by a newer Tuppence (format 2)", (await folder.Store.ReadAsync("work", CancellationToken.None)).Problem, StringComparison.Ordinal);
        using var lease = await folder.LeaseAsync();
        Assert.Equal(SaveOutcome.Failed, (await lease.SignInAsync(Grant(), CancellationToken.None)).Outcome);
    }

    [Theory]
    [InlineData("upstream", "work2")]
    [InlineData("origin", "https://thief.example")]
    [InlineData("token_endpoint", "https://thief.example/token")]
    [InlineData("revocation_endpoint", "https://thief.example/revoke")]
    [InlineData("account", "eve@example.com")]
    [InlineData("tokens", "AAAA")]
    public async Task A_row_whose_destination_was_edited_does_not_open(string member, string value)
    {
        await folder.SignInAsync(Grant());
        Edit(root => root["grants"]![0]![member] = value);

        using var other = Another();
        var (entry, problem) = await other.ReadAsync(member == "upstream" ? value : "work", CancellationToken.None);
        Assert.Null(entry);
        Assert.Contains("cannot be used: it is damaged, or was edited. Sign in again.", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_key_a_sign_in_is_told_to_be_unusable_and_a_new_one_gets_a_new_key()
    {
        await folder.SignInAsync(Grant());
        await folder.SignInAsync(Grant() with { Upstream = "home" });
        File.Delete(folder["tokens.key"]);
        using var other = Another();

        Assert.Contains("the key that it is encrypted with is no longer in ", (await other.ReadAsync("work", CancellationToken.None)).Problem, StringComparison.Ordinal);
        using (var lease = (await other.AcquireAsync(CancellationToken.None)).Lease!)
        {
            Assert.True((await lease.SignInAsync(Grant(), CancellationToken.None)).IsSaved);
        }

        var list = await other.ListAsync(CancellationToken.None);
        Assert.Equal("work", Assert.Single(list.Entries).Grant.Upstream);
        Assert.Contains("“home”", Assert.Single(list.Problems), StringComparison.Ordinal);

        await File.WriteAllTextAsync(folder["tokens.key"], "no key\n", TestContext.Current.CancellationToken);
        using var third = Another();
        Assert.Contains("holds no key (32 bytes in base64)", (await third.ReadAsync("work", CancellationToken.None)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_machine_has_no_key_store_a_key_file_takes_over_with_a_plain_warning()
    {
        await using var process = TokenProcess.StartInShell("unset DBUS_SESSION_BUS_ADDRESS DISPLAY XDG_RUNTIME_DIR; exec \"$@\"", "key-store", folder.Path);

        Assert.Equal("saved", await process.LineAsync());
        Assert.StartsWith("10  key file: True warning: This machine offers no key store to Tuppence", await process.LineAsync(), StringComparison.Ordinal);
        Assert.Equal("600", folder.Mode("tokens.key"));
    }

    [Fact]
    public async Task A_lease_is_one_persons_at_a_time_and_comes_back_when_it_is_done()
    {
        using var other = Another(TimeSpan.FromMilliseconds(50));
        using (await folder.LeaseAsync())
        {
            Assert.Contains($"held by another Tuppence (process {Environment.ProcessId}, since ", (await other.AcquireAsync(CancellationToken.None)).Problem, StringComparison.Ordinal);
        }

        using var lease = (await other.AcquireAsync(CancellationToken.None)).Lease;
        Assert.NotNull(lease);
    }

    private static StoredGrant Grant() => Grants.Of(new Uri("https://login.example/token"), "rt-0", DateTimeOffset.UnixEpoch);

    private TokenFile Another(TimeSpan? patience = null) => new(folder.Path, TimeProvider.System, usesKeyStore: false) { Patience = patience ?? TimeSpan.FromSeconds(20) };

    private void Edit(Action<JsonNode> edit)
    {
        var root = JsonNode.Parse(File.ReadAllText(Json))!;
        edit(root);
        File.WriteAllText(Json, root.ToJsonString());
    }
}
