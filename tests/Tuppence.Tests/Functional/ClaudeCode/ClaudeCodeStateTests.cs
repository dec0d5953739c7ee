using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration.Loading;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.ClaudeCode;

/// <summary>How the user's program is told of: in the log, on the pages, by the commands.</summary>
public sealed class ClaudeCodeStateTests : IDisposable
{
    private const string Hello = """{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string OwnForm = "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n";

    private readonly TalkingProgram program = new();
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public async Task A_program_that_takes_its_time_holds_up_no_start_and_the_first_request_waits_for_it()
    {
        program.Plan("slow-version");
        await using var gateway = await TestGateway.StartAsync(program.In);

        Assert.Equal(200, (await gateway.PostAsync(Hello)).Status);
        Assert.Equal("checking", StateOf(gateway));
        var asked = gateway.PostAsync(Hello, headers: "x-tuppence-upstream: claude-code\r\n");
        Assert.Equal("checking", (await UpstreamAsync(gateway)).GetProperty("state").GetString());
        program.GoOn();

        Assert.Equal(200, (await asked).Status);
        Assert.Equal("ready", StateOf(gateway));
        Assert.Contains("The upstream claude-code is ready, version 2.1.330", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_meanwhile_is_answered_without_a_restart()
    {
        program.Plan("signed-out");
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var refused = await gateway.PostAsync(Hello);

        Assert.Equal((401, "false"), (refused.Status, refused["x-should-retry"]));
        Assert.Contains($"{program.Path} auth login", refused.Text, StringComparison.Ordinal);
        var upstream = await UpstreamAsync(gateway);
        Assert.Equal("needs_sign_in", upstream.GetProperty("state").GetString());
        Assert.False(upstream.GetProperty("signIn").GetProperty("signedIn").GetBoolean());

        program.Plan();
        Assert.Equal(200, (await gateway.PostAsync(Hello)).Status);
        Assert.Equal("ready", StateOf(gateway));
    }

    [Fact]
    public async Task Who_has_signed_out_meanwhile_is_told_so_everywhere()
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);
        await gateway.PostAsync(Hello);

        program.Plan("signed-out", "not-logged-in");
        var refused = await gateway.PostAsync(Hello);

        Assert.Equal(401, refused.Status);
        await Gate.UntilAsync(() => StateOf(gateway) == "not_signed_in");
    }

    [Fact]
    public async Task A_test_call_names_no_price_and_makes_one()
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var offer = await gateway.GetJsonAsync("upstreams/claude-code/test?model=claude-haiku-4-5");
        var result = await gateway.TellAsync("POST", "upstreams/claude-code/test", """{"model":"claude-haiku-4-5"}""");

        Assert.Equal(JsonValueKind.Null, offer.GetProperty("most").ValueKind);
        Assert.Contains("It counts towards what your sign-in there may use", offer.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("It answered in", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_wrong_switches_off_this_upstream_and_nothing_else()
    {
        program.Plan("version 1.0.0");
        await using var gateway = await TestGateway.StartAsync(program.In);
        await Gate.UntilAsync(() => gateway.Log.Contains("switched off", StringComparison.Ordinal));

        Assert.Equal(200, (await gateway.PostAsync(Hello)).Status);
        var upstream = await UpstreamAsync(gateway);
        Assert.Equal(("off", "claude_code"), (upstream.GetProperty("state").GetString(), upstream.GetProperty("kind").GetString()));
        Assert.Contains("is too old", upstream.GetProperty("remark").GetString(), StringComparison.Ordinal);
        Assert.Contains("is too old", (await gateway.SendAsync(RawClient.Get("/"))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limits_that_the_program_told_are_shown()
    {
        program.Plan("limits");
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);
        Assert.Equal(JsonValueKind.Null, (await UpstreamAsync(gateway)).GetProperty("limits").ValueKind);

        await gateway.PostAsync(Hello);
        await Gate.UntilAsync(() => gateway.Host.State.Current.ClaudeCode!.Report.Limits is not null);

        var limits = (await UpstreamAsync(gateway)).GetProperty("limits");
        Assert.Equal(
            ["five_hour 0.93 allowed_warning", "seven_day 0.2 allowed"],
            limits.EnumerateArray().Select(static one => $"{one.GetProperty("name").GetString()} {one.GetProperty("used").GetDouble()} {one.GetProperty("status").GetString()}"),
            StringComparer.Ordinal);
        Assert.Equal("2100-01-01T00:00:00Z", limits[0].GetProperty("resets").GetString());
        Assert.Contains("five hour 93 % used, begins anew 2100-01-01 00:00 UTC", gateway.Host.State.Current.ClaudeCode!.Report.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_say_plainly_that_it_is_on_and_who_decides()
    {
        await using var gateway = await TestGateway.StartWithAsync(new MemoryKeeper(), program.AsUpstream);

        var front = await gateway.SendAsync(RawClient.Get("/", "Accept: application/json\r\n"));
        var overview = await gateway.GetJsonAsync("overview");

        using var page = JsonDocument.Parse(front.Body);
        Assert.All(new[] { page.RootElement.GetProperty("notice").GetString(), overview.GetProperty("notice").GetString() }, notice =>
        {
            Assert.Contains("Claude Code is on", notice, StringComparison.Ordinal);
            Assert.Contains("Its provider's terms decide whether your plan may be used in this way", notice, StringComparison.Ordinal);
        });
        Assert.Equal("claude-code (your own program)", page.RootElement.GetProperty("upstream").GetString());
        Assert.Contains("The upstream claude-code is on", gateway.Log, StringComparison.Ordinal);
        Assert.Equal("the program's own sign-in, which Tuppence does not see", (await UpstreamAsync(gateway)).GetProperty("credential").GetString());
    }

    [Theory]
    [InlineData("/auth/login", "auth login")]
    [InlineData("/auth/logout", "auth logout")]
    public async Task The_sign_in_pages_tell_the_command_and_run_nothing(string path, string command)
    {
        await using var gateway = await TestGateway.StartWithAsync(new MemoryKeeper(), program.AsUpstream);
        await Gate.UntilAsync(() => gateway.Log.Contains("is ready", StringComparison.Ordinal));
        var before = program.Calls;

        var shown = await gateway.SendAsync(RawClient.Get("/auth/login"));
        var status = await gateway.SendAsync(RawClient.Get("/auth/status", "Accept: text/html\r\n"));
        var posted = await gateway.SendAsync(RawClient.Post(path, "upstream=claude-code", OwnForm, "application/x-www-form-urlencoded"));

        Assert.Contains($"{program.Path} auth login", shown.Text, StringComparison.Ordinal);
        Assert.Contains("ready, version 2.1.330", status.Text, StringComparison.Ordinal);
        Assert.Equal(200, posted.Status);
        Assert.Contains($"{program.Path} {command}", posted.Text, StringComparison.Ordinal);
        Assert.Equal(before, program.Calls);
    }

    [Theory]
    [InlineData("login", "auth login")]
    [InlineData("logout", "auth logout")]
    public async Task The_commands_tell_the_command_and_run_nothing(string command, string shown)
    {
        var exit = await RunAsync("""{ "claude_code": { "enabled": true } }""", command, "claude-code");

        Assert.Equal(0, exit);
        Assert.Contains($"\n  claude {shown}", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("sees nothing of it", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_while_it_is_off_says_how_to_turn_it_on()
    {
        Assert.Equal(1, await RunAsync("{}", "login", "claude-code"));
        Assert.Contains("set claude_code.enabled to true", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_asks_the_gateway_that_runs()
    {
        program.Plan("signed-out");
        await using var gateway = await TestGateway.StartWithAsync(new MemoryKeeper(), program.In);
        await Gate.UntilAsync(() => gateway.Log.Contains("not signed in", StringComparison.Ordinal));
        var file = $$"""{ "port": {{gateway.Port}}, "claude_code": { "enabled": true } }""";

        Assert.Equal(1, await RunAsync(file, "status"));
        Assert.StartsWith("claude-code  not signed in: Nobody is signed in to Claude Code.", output.ToString(), StringComparison.Ordinal);
        output.GetStringBuilder().Clear();
        Assert.Equal(1, await RunAsync(file, "status", "--json"));
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal("not_signed_in", json.RootElement.GetProperty("claude_code").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Status_without_a_gateway_says_that_only_one_tells()
    {
        using var closed = new ClosedPort();

        Assert.Equal(0, await RunAsync($$"""{ "port": {{new Uri(closed.Url).Port}}, "claude_code": { "enabled": true } }""", "status"));
        Assert.Contains("only a running gateway tells", output.ToString(), StringComparison.Ordinal);
    }

    private static string StateOf(TestGateway gateway) => gateway.Host.State.Current.ClaudeCode!.Report.State.Name;

    private static async Task<JsonElement> UpstreamAsync(TestGateway gateway) =>
        (await gateway.GetJsonAsync("overview")).GetProperty("upstreams").EnumerateArray().Single(static one => one.GetProperty("name").GetString() == "claude-code");

    private async Task<int> RunAsync(string file, params string[] args)
    {
        using var scene = new Unit.Configuration.Scene();
        scene.File(file);
        return await new CommandLine(new NoHosts(), new Terminal(TextWriter.Synchronized(output), TextWriter.Synchronized(error)), scene.Surroundings, TimeProvider.System, static _ => new MemoryKeeper())
            .RunAsync(args, TestContext.Current.CancellationToken);
    }

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException();

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException();
    }
}
