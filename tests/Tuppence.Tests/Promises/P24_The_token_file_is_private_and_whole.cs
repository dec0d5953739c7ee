using System.Text;
using Tuppence.Tests.Scenes;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Promises;

/// <summary>P24: the token file is nobody else's to read and always whole, whatever umask, links, full disks and kills do.</summary>
public sealed class P24_The_token_file_is_private_and_whole
{
    [Fact]
    public async Task Under_umask_000_folder_and_files_are_private_from_the_start()
    {
        using var folder = new TokenFolder();

        Assert.Equal("saved", await RunAsync("umask 000; exec \"$@\"", folder, 10));

        Assert.Equal(["tokens.json", "tokens.key", "tokens.lock"], folder.Files, StringComparer.Ordinal);
        Assert.Equal("700", folder.Mode(""));
        Assert.All(folder.Files, name => Assert.Equal("600", folder.Mode(name)));
    }

    [Theory]
    [InlineData("tokens.json", "640", "chmod 600")]
    [InlineData("tokens.json", "604", "chmod 600")]
    [InlineData("tokens.key", "660", "chmod 600")]
    [InlineData("tokens.lock", "666", "chmod 600")]
    [InlineData("", "750", "chmod 700")]
    [InlineData("", "701", "chmod 700")]
    public async Task A_wider_mode_is_refused_and_the_command_that_mends_it_is_told(string name, string mode, string fix)
    {
        using var folder = await SignedInAsync();
        folder.SetMode(name, mode);

        var problem = await ProblemAsync(folder);

        Assert.Contains($"is open to other users (mode 0{mode}). Run: {fix} '{folder[name].TrimEnd('/')}'", problem, StringComparison.Ordinal);
        folder.SetMode(name, name.Length == 0 ? "700" : "600");
        Assert.Equal("rt-first", (await folder.EntryAsync()).Grant.RefreshToken?.Reveal());
    }

    [Theory]
    [InlineData("tokens.json")]
    [InlineData("tokens.key")]
    [InlineData("tokens.lock")]
    public async Task A_symbolic_link_is_refused_and_what_it_leads_to_stays_as_it_is(string name)
    {
        using var folder = await SignedInAsync();
        var target = folder["elsewhere"];
        File.Move(folder[name], target);
        File.CreateSymbolicLink(folder[name], target);
        var before = await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken);

        Assert.Contains($"“{folder[name]}” is a symbolic link.", await ProblemAsync(folder), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_users_file_is_refused()
    {
        using var folder = await SignedInAsync();
        // Only root can give files away; others look at a folder of root's.
        if (Environment.UserName == "root")
        {
            Assert.Equal("", await ShellAsync($"chown 65534 '{folder["tokens.json"]}'"));
            Assert.Contains("belongs to the user with id 65534, and Tuppence runs as 0.", await ProblemAsync(folder), StringComparison.Ordinal);
        }
        else
        {
            using var store = new TokenFile("/usr", TimeProvider.System, usesKeyStore: false);
            Assert.Contains("belongs to the user with id 0", (await store.ReadAsync("x", CancellationToken.None)).Problem, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_on_the_disk_tells_no_token()
    {
        using var folder = await SignedInAsync();

        foreach (var name in folder.Files)
        {
            var text = await File.ReadAllTextAsync(folder[name], TestContext.Current.CancellationToken);
            Assert.DoesNotContain("rt-first", text, StringComparison.Ordinal);
            Assert.DoesNotContain("at-first", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes("rt-first")), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_disk_leaves_the_old_file_and_no_other()
    {
        using var folder = await SignedInAsync();
        var before = await File.ReadAllBytesAsync(folder["tokens.json"], TestContext.Current.CancellationToken);

        // No file may grow past 16 blocks of 512 bytes; the token alone is larger.
        var told = await RunAsync("trap '' XFSZ; ulimit -f 16; exec \"$@\"", folder, 20_000);

        Assert.Contains($"problem “{folder["tokens.json"]}” cannot be written: ", told, StringComparison.Ordinal);
        Assert.Contains("What it held before is unchanged.", told, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["tokens.json"], TestContext.Current.CancellationToken));
        Assert.Equal(["tokens.json", "tokens.key", "tokens.lock"], folder.Files, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_leaves_the_old_file_and_says_so()
    {
        using var folder = await SignedInAsync();
        folder.SetMode("", "500");

        // Root may write everywhere, so it gives that up first.
        var giveUp = Environment.UserName == "root" ? "exec setpriv --bounding-set -dac_override,-dac_read_search \"$@\"" : "exec \"$@\"";
        var told = await RunAsync(giveUp, folder, 10);

        Assert.Contains("cannot be written: ", told, StringComparison.Ordinal);
        Assert.Contains("denied", told, StringComparison.Ordinal);
        folder.SetMode("", "700");
        Assert.Equal("rt-first", (await folder.EntryAsync()).Grant.RefreshToken?.Reveal());
    }

    [Fact]
    public async Task Killed_while_saving_it_is_whole_each_time_and_what_was_left_is_swept()
    {
        const int Kills = 25;
        using var folder = await SignedInAsync();
        var random = new Random(24);
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var process = TokenProcess.Start("save", folder.Path);
            for (var saves = 1 + random.Next(4); saves > 0; saves--)
            {
                Assert.Equal("saved", await process.LineAsync());
            }

            // Not a wait for something: a moment that nobody chose.
            await Task.Delay(TimeSpan.FromMicroseconds(random.Next(5000)), TestContext.Current.CancellationToken);
            process.Signal(TokenProcess.Kill);
            await process.ExitAsync();
            Assert.StartsWith("rt-", (await folder.EntryAsync()).Grant.RefreshToken?.Reveal(), StringComparison.Ordinal);
        }

        await folder.SignInAsync(Grant());
        Assert.Equal(["tokens.json", "tokens.key", "tokens.lock"], folder.Files, StringComparer.Ordinal);
    }

    private static StoredGrant Grant() => Grants.Of(new Uri("https://login.example/token"), "rt-first", DateTimeOffset.UnixEpoch);

    private static async Task<TokenFolder> SignedInAsync()
    {
        var folder = new TokenFolder();
        await folder.SignInAsync(Grant());
        return folder;
    }

    /// <summary>What a reader is told, else what a writer is. A new store: the old one still knows the key.</summary>
    private static async Task<string?> ProblemAsync(TokenFolder folder)
    {
        using var store = new TokenFile(folder.Path, TimeProvider.System, usesKeyStore: false);
        if ((await store.ReadAsync(Grants.Upstream, CancellationToken.None)).Problem is { } read)
        {
            return read;
        }

        var (lease, problem) = await store.AcquireAsync(CancellationToken.None);
        using (lease)
        {
            return problem ?? (await lease!.SignInAsync(Grant(), CancellationToken.None)).Problem;
        }
    }

    private static async Task<string?> RunAsync(string script, TokenFolder folder, int size)
    {
        await using var process = TokenProcess.StartInShell(script, "sign-in", folder.Path, $"{size}");
        return await process.LineAsync();
    }

    private static async Task<string> ShellAsync(string script)
    {
        await using var process = TokenProcess.StartInShell(script + "; echo");
        return (await process.LineAsync())!;
    }
}
