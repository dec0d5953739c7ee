using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.ClaudeCode;

/// <summary>The user's program as an upstream, over real sockets, with a program that stands in for it.</summary>
public sealed class ClaudeCodeUpstreamTests : IDisposable
{
    private const string Hello = """{"model":"claude-haiku-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""";
    private const string ByName = "x-tuppence-upstream: claude-code\r\n";

    private readonly TalkingProgram program = new();

    public void Dispose() => program.Dispose();

    [Fact]
    public async Task It_answers_as_the_messages_api_does_and_says_who_answered()
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var whole = await gateway.PostAsync(Hello);
        var stream = await gateway.PostAsync(Hello.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal));

        Assert.Equal((200, "claude-code"), (whole.Status, whole["x-tuppence-upstream"]));
        using var message = JsonDocument.Parse(whole.Body);
        Assert.Equal("Hello from the stand-in.", message.RootElement.GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal(42, message.RootElement.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.Equal((200, "claude-code", true), (stream.Status, stream["x-tuppence-upstream"], stream.IsComplete));
        Assert.StartsWith("event: message_start\n", stream.Text, StringComparison.Ordinal);
        Assert.Contains("event: message_stop\n", stream.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_any_length_arrives_whole()
    {
        var text = string.Concat(Enumerable.Repeat("word ", 20_000)).TrimEnd();
        program.Plan("text " + text);
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var whole = await gateway.PostAsync(Hello);
        var stream = await gateway.PostAsync(Hello.Replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\"", StringComparison.Ordinal));

        Assert.Contains(text, whole.Text, StringComparison.Ordinal);
        Assert.Contains(text, stream.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_keeps_its_tokens_and_no_price()
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        await gateway.PostAsync(Hello);

        var row = await OnlyRowAsync(gateway);
        Assert.Equal(("claude-code", "claude-code"), (row.GetProperty("upstream").GetString(), row.GetProperty("platform").GetString()));
        Assert.Equal((11, 42), (row.GetProperty("usage").GetProperty("input").GetInt32(), row.GetProperty("usage").GetProperty("output").GetInt32()));
        Assert.Equal(JsonValueKind.Null, row.GetProperty("cost").ValueKind);
        Assert.Equal(1, (await gateway.GetJsonAsync("overview")).GetProperty("today").GetProperty("unpriced").GetInt32());
    }

    [Fact]
    public async Task Only_who_names_it_comes_to_it()
    {
        await using var gateway = await TestGateway.StartAsync(
            config => program.In(config) with { Routes = [new RouteConfig { Models = ["claude-opus-*"], Upstreams = ["claude-code"] }] },
            presets: [("mine", """{"upstream":"claude-code"}""")]);

        Assert.Equal("emulator", (await gateway.PostAsync(Hello))["x-tuppence-upstream"]);
        Assert.Equal("claude-code", (await gateway.PostAsync(Hello, headers: ByName))["x-tuppence-upstream"]);
        Assert.Equal("claude-code", (await gateway.PostAsync(Hello, "/v1/mine/messages"))["x-tuppence-upstream"]);
        Assert.Equal("claude-code", (await gateway.PostAsync(Hello.Replace("haiku-4-5", "opus-4-6", StringComparison.Ordinal)))["x-tuppence-upstream"]);
    }

    [Fact]
    public async Task It_takes_nothing_over_wherever_it_stands()
    {
        await using var down = ScriptedUpstream.Start(static call => call.AnswerAsync(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""));
        await using var gateway = await TestGateway.StartAsync(down, config => program.In(config) with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["down"] = new() { Url = down.Url } },
            Upstream = "down",
            Fallback = ["claude-code"],
            Routes = [new RouteConfig { Models = ["claude-opus-*"], Upstreams = ["down", "claude-code"] }],
        });

        Assert.Equal(529, (await gateway.PostAsync(Hello)).Status);
        Assert.Equal(529, (await gateway.PostAsync(Hello.Replace("haiku-4-5", "opus-4-6", StringComparison.Ordinal))).Status);
        Assert.Equal(0, Runs(program));
    }

    [Fact]
    public async Task While_it_is_off_there_is_no_such_upstream()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.PostAsync(Hello, headers: ByName);

        Assert.Equal(400, answer.Status);
        Assert.Contains("There is no upstream “claude-code”", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_listed_and_what_it_does_not_serve_is_said()
    {
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);

        var models = await gateway.SendAsync(RawClient.Get("/v1/models"));
        var one = await gateway.SendAsync(RawClient.Get("/v1/models/claude-haiku-4-5"));
        var none = await gateway.SendAsync(RawClient.Get("/v1/models/claude-nothing"));
        var counted = await gateway.PostAsync(Hello, "/v1/messages/count_tokens");
        var batch = await gateway.PostAsync("""{"requests":[]}""", "/v1/messages/batches");

        using var list = JsonDocument.Parse(models.Body);
        Assert.Contains("claude-haiku-4-5-20251001", list.RootElement.GetProperty("data").EnumerateArray().Select(static model => model.GetProperty("id").GetString()!), StringComparer.Ordinal);
        Assert.Equal((200, 404), (one.Status, none.Status));
        Assert.Equal(501, counted.Status);
        Assert.Equal(404, batch.Status);
        Assert.Contains("Claude Code does not serve /v1/messages/batches", batch.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x-tuppence-cache: relocate\r\n")]
    public async Task Its_prompt_cache_is_nobodys_to_plan(string headers)
    {
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with { Cache = new CacheConfig { Level = CacheLevel.Markers } });

        var answer = await gateway.PostAsync(Hello.Replace("\"Hello\"", $"\"{new string('x', 40_000)}\"", StringComparison.Ordinal), headers: headers);

        Assert.Equal(200, answer.Status);
        Assert.DoesNotContain("cache", answer["x-tuppence-edits"] ?? "", StringComparison.Ordinal);
        Assert.DoesNotContain("cache_control", program.Calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_dies_is_not_asked_again()
    {
        program.Plan("die");
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with { Retry = new RetryConfig { MaxRetries = 3 }, Fallback = ["emulator"] });

        var answer = await gateway.PostAsync(Hello);

        Assert.True(answer.Status >= 500, answer.Text);
        Assert.Equal("claude-code", answer["x-tuppence-upstream"]);
        Assert.Equal(1, Runs(program));
    }

    [Fact]
    public async Task Who_finds_the_queue_full_is_let_in_at_the_next_try()
    {
        program.Plan("wait");
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with
        {
            ClaudeCode = program.AsUpstream(config).ClaudeCode with { Concurrency = 1, QueueLength = 0 },
            Retry = new RetryConfig { MaxRetries = 10, BaseDelay = TimeSpan.FromMilliseconds(10) },
        });
        var first = gateway.PostAsync(Hello);
        await Gate.UntilAsync(() => Runs(program) == 1);

        var second = gateway.PostAsync(Hello);
        await Gate.UntilAsync(() => gateway.Log.Contains("claude-code answered 529", StringComparison.Ordinal));
        program.GoOn();

        Assert.Equal((200, 200), ((await first).Status, (await second).Status));
        Assert.Equal(2, Runs(program));
    }

    [Fact]
    public async Task Where_it_certainly_served_nothing_a_configured_fallback_does()
    {
        program.Plan("version 1.0.0");
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with { Fallback = ["emulator"] });

        var answer = await gateway.PostAsync(Hello);

        Assert.Equal((200, "emulator"), (answer.Status, answer["x-tuppence-upstream"]));
        Assert.Equal(0, Runs(program));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_the_process()
    {
        program.Plan("hang");
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", Hello));
        await Gate.UntilAsync(() => program.Calls.Contains("\"Hello\"", StringComparison.Ordinal));

        client.Reset();

        Assert.Equal("client_left", (await OnlyRowAsync(gateway)).GetProperty("outcome").GetString());
        await Gate.UntilAsync(() => !program.IsRunning);
    }

    [Fact]
    public async Task Stopping_the_gateway_ends_its_processes()
    {
        program.Plan("hang");
        var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with { ClaudeCode = new ClaudeCodeConfig { Enabled = true, Program = program.Path }, Timeouts = config.Timeouts with { Drain = TimeSpan.Zero } });
        await using (gateway)
        {
            using var client = await RawClient.ConnectAsync(gateway.Port);
            await client.SendAsync(RawClient.Post("/v1/messages", Hello));
            await Gate.UntilAsync(() => program.Calls.Contains("\"Hello\"", StringComparison.Ordinal));
            await gateway.Host.StopAsync(TestContext.Current.CancellationToken);
        }

        await Gate.UntilAsync(() => !program.IsRunning);
    }

    [Fact]
    public async Task A_reload_leaves_answers_under_way_to_those_who_began_them()
    {
        program.Plan("wait");
        await using var gateway = await TestGateway.StartAsync(program.AsUpstream);
        var asked = gateway.PostAsync(Hello);
        await Gate.UntilAsync(() => program.Calls.Contains("\"Hello\"", StringComparison.Ordinal));

        var config = gateway.Host.State.Current.Config;
        gateway.Host.Reload(config with { ClaudeCode = config.ClaudeCode with { Concurrency = 1 } });
        program.Plan("text Meanwhile.");
        var second = await gateway.PostAsync(Hello);
        gateway.Host.Reload(config with { ClaudeCode = new ClaudeCodeConfig(), Upstream = null });
        var third = await gateway.PostAsync(Hello);
        program.GoOn();

        Assert.Contains("Meanwhile.", second.Text, StringComparison.Ordinal);
        Assert.Equal("emulator", third["x-tuppence-upstream"]);
        var first = await asked;
        Assert.Equal(200, first.Status);
        Assert.Contains("Hello from the stand-in.", first.Text, StringComparison.Ordinal);
        await Gate.UntilAsync(() => !program.IsRunning);
    }

    /// <summary>How often it was started to answer, the self-test aside.</summary>
    private static int Runs(TalkingProgram program) => program.Calls.Split('\n').Count(static line => line.Contains("\"Hello\"", StringComparison.Ordinal));

    private static async Task<JsonElement> OnlyRowAsync(TestGateway gateway)
    {
        await gateway.UntilIdleAsync();
        while (true)
        {
            await gateway.Host.State.Ledger.FlushAsync(TestContext.Current.CancellationToken);
            var rows = (await gateway.GetJsonAsync("requests")).GetProperty("rows");
            if (rows.GetArrayLength() > 0)
            {
                return rows[0];
            }
        }
    }
}
