using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class ProgramSearchTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("tuppence-search-").FullName;

    [Fact]
    public void The_configured_path_comes_before_all_others()
    {
        var (here, there) = (Put("bin/claude"), Put("elsewhere/claude-2"));

        Assert.Equal((there, ""), Find(path: there, ("PATH", Path.GetDirectoryName(here)!)));
    }

    [Fact]
    public void A_configured_path_that_leads_nowhere_is_told_and_nothing_else_is_taken_in_its_place()
    {
        var here = Put("bin/claude");
        var wrong = Path.Combine(root, "none");

        Assert.Equal((null, $"There is no Claude Code program at “{wrong}”. Correct the configured path, or leave it out to have the program looked for."), Find(path: wrong, ("PATH", Path.GetDirectoryName(here)!)));
    }

    [Fact]
    public void A_configured_file_that_may_not_be_run_is_told()
    {
        var file = Put("claude", mode: "644");

        Assert.Equal((null, $"“{file}” may not be run. Make it executable, or correct the configured path."), Find(path: file));
    }

    [Theory, InlineData("claude.cmd"), InlineData("claude.ps1"), InlineData("CLAUDE.BAT")]
    public void The_scripts_that_npm_makes_on_Windows_are_refused(string name)
    {
        var (program, words) = Find(path: Put(name));

        Assert.Null(program);
        Assert.Contains("claude.exe", words, StringComparison.Ordinal);
    }

    [Fact]
    public void PATH_is_gone_through_in_order_past_what_cannot_be_run()
    {
        Put("one/claude", mode: "644");
        Directory.CreateDirectory(Path.Combine(root, "two", "claude"));
        var third = Put("three/claude");
        Put("four/claude");

        Assert.Equal((third, ""), Find(path: null, ("PATH", string.Join(Path.PathSeparator, ((string[])["none", "one", "two", "three", "four"]).Select(name => Path.Combine(root, name))))));
    }

    [Fact]
    public void A_relative_folder_in_PATH_is_passed_over()
    {
        var usual = Put("home/.local/bin/claude");
        Put("bin/claude");

        Assert.Equal((usual, ""), Find(path: null, ("PATH", Path.GetRelativePath(Environment.CurrentDirectory, Path.Combine(root, "bin"))), ("HOME", Path.Combine(root, "home"))));
    }

    [Theory, InlineData(".local/bin/claude"), InlineData(".npm-global/bin/claude")]
    public void It_is_found_where_installers_put_it(string place)
    {
        var usual = Put("home/" + place);

        Assert.Equal((usual, ""), Find(path: null, ("HOME", Path.Combine(root, "home"))));
    }

    [Fact]
    public void It_is_found_below_the_prefix_that_npm_was_told()
    {
        var usual = Put("npm/bin/claude");

        Assert.Equal((usual, ""), Find(path: null, ("NPM_CONFIG_PREFIX", Path.Combine(root, "npm"))));
    }

    [Fact]
    public void Nothing_below_the_folder_of_its_credentials_is_looked_at()
    {
        var inside = Put("home/.claude/local/claude");

        Assert.NotEqual(inside, Find(path: null, ("HOME", Path.Combine(root, "home"))).Program, StringComparer.Ordinal);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static (string? Program, string Words) Find(string? path, params ReadOnlySpan<(string Name, string Value)> variables)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            known[name] = value;
        }

        return ProgramSearch.Find(new ClaudeCodeOptions { ProgramPath = path, ClientApp = "tuppence/1", Variables = known });
    }

    private string Put(string name, string mode = "755")
    {
        var path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        }

        return path;
    }
}
