using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Tests.Scenes;
using Tuppence.Tests.Unit.Configuration;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>What is told of conversations: the page, the commands, the trace.</summary>
public sealed class AccountTests
{
    [Fact]
    public async Task The_page_tells_what_each_turn_cost()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);
        await CacheScene.ChatAsync(gateway, headers: "x-api-key: sk-ant-a-secret-of-the-client\r\n");
        await gateway.UntilIdleAsync();

        var answer = await gateway.SendAsync(RawClient.Get("/tuppence/cache"));

        Assert.Equal((200, "no-store"), (answer.Status, answer["Cache-Control"]));
        using var page = JsonDocument.Parse(answer.Body);
        var conversation = page.RootElement.GetProperty("conversations").EnumerateArray().Single();
        Assert.Equal(4, conversation.GetProperty("turns").GetInt32());
        Assert.Equal(4 * 4000, conversation.GetProperty("read_tokens").GetInt32());
        Assert.Equal(conversation.GetProperty("spent").GetInt64(), conversation.GetProperty("recent").EnumerateArray().Sum(static turn => turn.GetProperty("cost").GetInt64()));
        Assert.DoesNotContain("sk-ant", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('~', answer.Text);
    }

    [Fact]
    public async Task The_page_asks_for_a_key_wherever_requests_do()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, static config => config with { GatewayKeys = [new Secret("gate-0123456789abc")] });

        Assert.Equal(401, (await gateway.SendAsync(RawClient.Get("/tuppence/cache"))).Status);
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/tuppence/cache", "x-api-key: gate-0123456789abc\r\n"))).Status);
        Assert.Equal(403, (await gateway.SendAsync(RawClient.Get("/tuppence/cache", "x-api-key: gate-0123456789abc\r\nSec-Fetch-Site: cross-site\r\n"))).Status);
        Assert.Equal(405, (await gateway.SendAsync(RawClient.Post("/tuppence/cache", "{}", "x-api-key: gate-0123456789abc\r\n"))).Status);
    }

    [Fact]
    public async Task A_reload_keeps_what_was_learned()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);
        await CacheScene.ChatAsync(gateway, count: 3);

        gateway.Host.Reload(gateway.Host.State.Current.Config with { FilterSamplingParams = SamplingFilterMode.On });
        await gateway.PostAsync(CacheScene.Body(4));
        await gateway.UntilIdleAsync();

        using var page = JsonDocument.Parse((await gateway.SendAsync(RawClient.Get("/tuppence/cache"))).Body);
        Assert.Equal(4, page.RootElement.GetProperty("conversations").EnumerateArray().Single().GetProperty("turns").GetInt32());
    }

    [Fact]
    public async Task Explain_asks_the_running_gateway()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);
        var before = await RunAsync(gateway.Port, "explain");
        await CacheScene.ChatAsync(gateway);
        await gateway.UntilIdleAsync();

        var (code, text) = await RunAsync(gateway.Port, "explain");
        var json = await RunAsync(gateway.Port, "explain", "--json");

        Assert.Contains("No request has been planned yet", before.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains($"{CacheScene.Model} at upstream, 4 turns", text, StringComparison.Ordinal);
        Assert.Contains("turn 4: $", text, StringComparison.Ordinal);
        Assert.Contains("without caching $", text, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(json.Output).RootElement.ValueKind);
    }

    [Fact]
    public async Task Explain_says_where_no_gateway_answers()
    {
        using var closed = new ClosedPort();
        Assert.Equal(ExitCode.Failure, (await RunAsync(new Uri(closed.Url).Port, "explain")).Code);
    }

    [Fact]
    public async Task Explain_shows_a_request_before_and_after()
    {
        var folder = Directory.CreateTempSubdirectory("tuppence-explain-").FullName;
        try
        {
            string[] files = [.. Enumerable.Range(1, 4).Select(turn => Path.Combine(folder, $"{turn}.json"))];
            for (var turn = 1; turn <= 4; turn++)
            {
                await File.WriteAllTextAsync(files[turn - 1], CacheScene.Body(turn), TestContext.Current.CancellationToken);
            }

            var (code, text) = await RunAsync(0, ["explain", .. files]);
            var json = await RunAsync(0, ["explain", .. files, "--json"]);
            var off = await RunAsync(0, ["explain", files[0], "--level", "most"]);

            Assert.Equal(ExitCode.Success, code);
            Assert.Contains("Breakpoints", text, StringComparison.Ordinal);
            Assert.Contains("cache-markers", text, StringComparison.Ordinal);
            Assert.Contains("+ ", text, StringComparison.Ordinal);
            using var read = JsonDocument.Parse(json.Output);
            Assert.NotEmpty(read.RootElement.GetProperty("breakpoints").EnumerateArray());
            Assert.Equal(CacheScene.Unmarked(CacheScene.Body(4)), CacheScene.Unmarked(read.RootElement.GetProperty("request").GetRawText()));
            Assert.Equal(ExitCode.Failure, off.Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_holds_no_content_unless_it_is_asked_for(bool bodies)
    {
        var folder = Directory.CreateTempSubdirectory("tuppence-record-").FullName;
        var file = Path.Combine(folder, "trace.jsonl");
        try
        {
            await using var upstream = CacheScene.Upstream();
            await using (var gateway = await CacheScene.StartAsync(upstream, config => config with { Cache = new CacheConfig { Record = file, RecordBodies = bodies } }))
            {
                await CacheScene.ChatAsync(gateway, count: 2, headers: "x-api-key: sk-ant-a-secret-of-the-client\r\n");
                await gateway.UntilIdleAsync();
            }

            var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
            Assert.Equal(2, lines.Length);
            Assert.All(lines, line => Assert.Equal(bodies, line.Contains("lighthouse", StringComparison.Ordinal)));
            Assert.All(lines, static line => Assert.DoesNotContain("sk-ant", line, StringComparison.Ordinal));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            if (bodies)
            {
                Assert.Equal(2, Tuppence.Thrift.Traces.TraceReader.Read(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).Count);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_trace_that_cannot_be_written_costs_no_request()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, static config => config with { Cache = new CacheConfig { Record = "/nowhere/at/all/trace.jsonl" } });

        await CacheScene.ChatAsync(gateway, count: 1);

        Assert.Contains("Nothing is recorded to", gateway.Log, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(int port, params string[] args)
    {
        using var scene = new Scene();
        var (output, error) = (new StringWriter(), new StringWriter());
        scene.Variable("TUPPENCE_PORT", port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var code = await new CommandLine(new NoHosts(), new Terminal(output, error), scene.Surroundings, TimeProvider.System).RunAsync(args, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private sealed class NoHosts : IHosts
    {
        public Task<int> ServeAsync(Tuppence.Configuration.Loading.LoadedConfiguration configuration, Tuppence.Configuration.Loading.ConfigurationSource source, CancellationToken stop) => throw new InvalidOperationException();

        public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => throw new InvalidOperationException();
    }
}
