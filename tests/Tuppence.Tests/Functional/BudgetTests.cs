using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.State.Budgets;
using Tuppence.State.Ledger;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>Budgets as people meet them: over real sockets, with a clock that the test moves.</summary>
public sealed class BudgetTests
{
    // 1,000 tokens in at $3 and 100 out at $15 a million: 0.45 cents.
    private const string Answer = """{"type":"message","model":"claude-sonnet-4-5","stop_reason":"end_turn","usage":{"input_tokens":1000,"output_tokens":100}}""";
    private const long Cent = 10_000_000;
    private const long CostOfOne = 4_500_000;

    private readonly GatewayClock clock = new();

    public BudgetTests() => clock.SetUtcNow(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_used_up_budget_answers_429_with_its_name_what_is_spent_and_the_moment_it_resets()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = CostOfOne });
        var heard = HeardRequests.On(gateway);
        Assert.Equal(200, (await gateway.PostAsync(Request())).Status);
        Assert.Equal(CostOfOne, (await heard.NextAsync()).Cost?.Total);

        var refused = await gateway.PostAsync(Request());

        Assert.Equal((429, "43200", "false"), (refused.Status, refused["retry-after"], refused["x-should-retry"]));
        using var error = JsonDocument.Parse(refused.Body);
        Assert.Equal("rate_limit_error", error.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(
            "This day's budget is used up: $0.0045 of $0.0045 are spent. It begins anew at 2026-11-24 00:00 UTC, in 12 h 0 min; whoever runs this gateway can raise budgets.hard_dollars_per_day.",
            error.RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Single(upstream.Calls);
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.Refused, "rate_limit_error", null), (row.Outcome, row.ErrorType, row.Cost?.Total));
    }

    [Fact]
    public async Task The_next_day_begins_with_nothing_spent_and_the_month_goes_on()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = CostOfOne, HardPerMonth = Cent });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Request());
        await heard.NextAsync();
        Assert.Equal(429, (await gateway.PostAsync(Request())).Status);

        clock.SetUtcNow(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(200, (await gateway.PostAsync(Request())).Status);
        await heard.NextAsync();
        await heard.NextAsync();
        Assert.Equal([CostOfOne, 2 * CostOfOne], States(gateway).Select(static state => state.Amounts.Spent));
    }

    [Fact]
    public async Task A_soft_limit_is_told_in_a_header_and_refuses_nothing()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { SoftPerDay = CostOfOne, HardPerDay = Cent });
        var heard = HeardRequests.On(gateway);
        var first = await gateway.PostAsync(Request());
        await heard.NextAsync();

        var second = await gateway.PostAsync(Request());

        Assert.Null(first["x-tuppence-budget"]);
        Assert.Equal((200, "total day 45 % of $0.01"), (second.Status, second["x-tuppence-budget"]));
    }

    [Fact]
    public async Task A_limit_that_is_reached_is_logged_once()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { SoftPerDay = 2 * CostOfOne, HardPerDay = 4 * CostOfOne });
        var heard = HeardRequests.On(gateway);
        var logged = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            await gateway.PostAsync(Request(maxTokens: 1));
            await heard.NextAsync();
            logged.Add(string.Join(" ", gateway.Log.Split('\n').Where(static line => line.Contains("This day's budget", StringComparison.Ordinal) && line.Contains("WARN", StringComparison.Ordinal)).Select(static line => line[(line.IndexOf("This", StringComparison.Ordinal))..])));
        }

        const string Soft = "This day's budget has reached its soft limit. $0.009 are spent of $0.009; it begins anew at 2026-11-24 00:00 UTC.";
        const string Hard = "This day's budget is used up: further requests are refused. $0.02 are spent of $0.02; it begins anew at 2026-11-24 00:00 UTC.";
        Assert.Equal(["", Soft, Soft, $"{Soft} {Hard}", $"{Soft} {Hard}"], logged);
    }

    [Fact]
    public async Task A_streamed_answer_is_counted_and_warned_about_as_any_other()
    {
        await using var upstream = ScriptedUpstream.Start(static async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"model\":\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":1000,\"output_tokens\":1}}}\n\n");
            await call.SendChunkAsync("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":100}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
            await call.EndChunksAsync();
        });
        await using var gateway = await StartAsync(upstream, new SpendingLimits { SoftPerDay = 1 });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Request(stream: true));
        await heard.NextAsync();

        var second = await gateway.PostAsync(Request(stream: true));

        Assert.Equal(CostOfOne, (await heard.NextAsync()).Cost?.Total);
        Assert.StartsWith("total day", second["x-tuppence-budget"], StringComparison.Ordinal);
        Assert.Equal(2 * CostOfOne, States(gateway).Single().Amounts.Spent);
    }

    [Fact]
    public async Task Two_requests_at_once_cannot_pass_a_hard_limit_together()
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await answer.Task;
            await call.AnswerAsync(200, Answer);
        });
        // 500 tokens out at most: three quarters of a cent and the prompt.
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = Cent + (Cent / 4) });
        var heard = HeardRequests.On(gateway);
        var first = gateway.PostAsync(Request(maxTokens: 500));
        await upstream.CallAsync();

        var second = await gateway.PostAsync(Request(maxTokens: 500));
        await heard.NextAsync();

        Assert.Equal((429, "10", null), (second.Status, second["retry-after"], second["x-should-retry"]));
        Assert.Contains("are held back for requests under way", second.Text, StringComparison.Ordinal);
        answer.SetResult();
        Assert.Equal(200, (await first).Status);
        await heard.NextAsync();
        Assert.Equal(200, (await gateway.PostAsync(Request(maxTokens: 500))).Status);
        Assert.Equal(2, upstream.Calls.Count);
    }

    [Fact]
    public async Task A_request_that_could_cost_more_than_is_left_is_told_to_lower_max_tokens()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerMonth = Cent });

        var refused = await gateway.PostAsync(Request(maxTokens: 10_000));

        Assert.Equal((429, "false"), (refused.Status, refused["x-should-retry"]));
        Assert.Contains("This month's budget does not cover this request: $0.00 of $0.01 are spent, and it could cost up to $0.15. Lower max_tokens", refused.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.PostAsync(Request(maxTokens: 100))).Status);
    }

    [Fact]
    public async Task What_was_held_back_is_released_when_the_client_leaves_or_no_upstream_answers()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.UntilClosedAsync());
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = Cent });
        var heard = HeardRequests.On(gateway);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", Request()));
        await upstream.CallAsync();
        Assert.NotEqual(0, States(gateway).Single().Amounts.Reserved);

        using var closed = new ClosedPort();
        client.Reset();
        await heard.NextAsync();
        gateway.Host.Reload(gateway.Host.State.Current.Config with { Upstream = closed.Url });
        Assert.Equal(502, (await gateway.PostAsync(Request())).Status);
        await heard.NextAsync();

        Assert.Equal(default, States(gateway).Single().Amounts);
    }

    [Fact]
    public async Task What_costs_nothing_passes_when_all_is_spent()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"input_tokens":5}""");
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = 0 });

        Assert.Equal(200, (await gateway.PostAsync(Request(), "/v1/messages/count_tokens")).Status);
        Assert.Equal(200, (await gateway.PostAsync(Request(), "/v1/messages?dry-run=true")).Status);
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/v1/models"))).Status);
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/v1/messages/batches/b"))).Status);
        Assert.Equal(429, (await gateway.PostAsync(Request())).Status);
        Assert.Equal(429, (await gateway.PostAsync("""{"requests":[]}""", "/v1/messages/batches")).Status);
    }

    [Fact]
    public async Task An_unknown_price_is_not_counted_and_the_state_says_so()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"type":"message","model":"house-model","usage":{"input_tokens":1000,"output_tokens":100}}""");
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = Cent });
        var heard = HeardRequests.On(gateway);

        await gateway.PostAsync(Request(model: "house-model"));
        await heard.NextAsync();

        Assert.Equal(new BudgetAmounts(0, 0, 1), States(gateway).Single().Amounts);
    }

    [Theory]
    [InlineData("house-model", false)]
    [InlineData("claude-sonnet-4-5", true)]
    public async Task What_cannot_be_estimated_is_refused_once_a_budget_is_used_up(string model, bool isPacked)
    {
        await using var upstream = ScriptedUpstream.Answering("""{"type":"message","model":"claude-sonnet-4-5","usage":{"input_tokens":1000,"output_tokens":100}}""");
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = CostOfOne });
        var heard = HeardRequests.On(gateway);
        Task<RawResponse> AskAsync() => gateway.PostAsync(Request(model: model), headers: isPacked ? "Content-Encoding: gzip\r\n" : "");

        Assert.Equal(200, (await AskAsync()).Status);
        await heard.NextAsync();

        Assert.Equal(429, (await AskAsync()).Status);
        Assert.Single(upstream.Calls);
    }

    [Fact]
    public async Task Keys_and_presets_have_budgets_of_their_own()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        var one = new SpendingLimits { HardPerDay = CostOfOne };
        await using var gateway = await StartAsync(
            upstream,
            new SpendingLimits(),
            config => config with
            {
                GatewayKeys = [new Secret("0123456789abcdef"), new Secret("fedcba9876543210")],
                GatewayKeyNames = ["anna"],
                Budgets = config.Budgets with
                {
                    Keys = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal) { ["*"] = one },
                    Presets = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal) { ["story"] = one },
                },
            });
        var heard = HeardRequests.On(gateway);
        const string Anna = "x-api-key: 0123456789abcdef\r\n";
        const string Other = "x-api-key: fedcba9876543210\r\n";

        Assert.Equal(200, (await gateway.PostAsync(Request(), headers: Anna)).Status);
        await heard.NextAsync();
        var second = await gateway.PostAsync(Request(), headers: Anna);
        await heard.NextAsync();
        Assert.Contains("This day's budget of the gateway key “anna” is used up", second.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await gateway.PostAsync(Request(), "/v1/story/messages", Other)).Status);
        await heard.NextAsync();
        Assert.Contains("key “key 2” is used up", (await gateway.PostAsync(Request(), headers: Other)).Text, StringComparison.Ordinal);
        Assert.Equal(["key anna", "key key 2", "preset story"], States(gateway).Select(static state => state.Account.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_reload_keeps_what_is_spent_and_a_budget_that_it_brings_knows_it()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = Cent });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Request());
        await heard.NextAsync();

        var config = gateway.Host.State.Current.Config;
        gateway.Host.Reload(config with { Budgets = config.Budgets with { Total = new SpendingLimits { HardPerDay = CostOfOne, HardPerMonth = 5 * Cent } } });

        Assert.Equal([CostOfOne, CostOfOne], States(gateway).Select(static state => state.Amounts.Spent));
        Assert.Equal(429, (await gateway.PostAsync(Request())).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_restart_takes_up_what_the_ledger_has_and_says_so_where_it_is_off(bool isLedgerOn)
    {
        var folder = Directory.CreateTempSubdirectory("tuppence-budgets-").FullName;
        await using var upstream = ScriptedUpstream.Answering(Answer);
        Task<TestGateway> RunAsync() => StartAsync(
            upstream, new SpendingLimits { HardPerDay = CostOfOne, HardPerMonth = 5 * Cent }, config => config with { StateDirectory = folder, Ledger = config.Ledger with { IsOn = isLedgerOn } });
        await using (var first = await RunAsync())
        {
            var heard = HeardRequests.On(first);
            await first.PostAsync(Request());
            await heard.NextAsync();
        }

        clock.Advance(TimeSpan.FromMinutes(1));
        await using (var second = await RunAsync())
        {
            Assert.Equal(isLedgerOn ? 429 : 200, (await second.PostAsync(Request())).Status);
            Assert.All(States(second), state => Assert.Equal(isLedgerOn ? null : clock.GetUtcNow(), state.Since));
            if (isLedgerOn)
            {
                Assert.All(States(second), static state => Assert.Equal(CostOfOne, state.Amounts.Spent));
            }
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_results_of_a_batch_count_once_though_they_are_fetched_again_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("tuppence-budgets-").FullName;
        const int Results = 700;
        var lines = string.Concat(Enumerable.Range(0, Results).Select(static i => $$$"""{"custom_id":"r{{{i}}}","result":{"type":"succeeded","message":{{{Answer}}}}}""" + "\n"));
        await using var upstream = ScriptedUpstream.Answering(lines);
        for (var start = 0; start < 2; start++)
        {
            await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = 1000 * Cent }, config => config with { StateDirectory = folder, Ledger = config.Ledger with { IsOn = true } });
            var heard = HeardRequests.On(gateway);
            Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/v1/messages/batches/msgbatch_1/results"))).Status);
            while ((await heard.NextAsync()).Kind != RequestKind.Other)
            {
                // The row of the fetch itself comes last.
            }

            Assert.Equal(new BudgetAmounts(Results * CostOfOne / 2, 0, 0), States(gateway).Single().Amounts);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task The_page_tells_each_budget_to_who_has_a_key()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { SoftPerDay = CostOfOne, HardPerDay = Cent }, static config => config with { GatewayKeys = [new Secret("0123456789abcdef")] });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Request(), headers: "x-api-key: 0123456789abcdef\r\n");
        await heard.NextAsync();

        Assert.Equal(401, (await gateway.SendAsync(RawClient.Get("/tuppence/budgets"))).Status);
        using var page = JsonDocument.Parse((await gateway.SendAsync(RawClient.Get("/tuppence/budgets", "Authorization: Bearer 0123456789abcdef\r\n"))).Body);

        var budget = page.RootElement.GetProperty("budgets").EnumerateArray().Single();
        Assert.Equal(
            """{"name":"in total","scope":"total","of":null,"period":"day","spent":4500000,"reserved":0,"unpriced":0,"soft":4500000,"hard":10000000,"resets":"2026-11-24T00:00:00Z","since":null,"state":"soft"}""",
            budget.GetRawText());
    }

    [Fact]
    public async Task Status_shows_what_is_spent_of_each_budget_as_the_running_gateway_tells_it()
    {
        await using var upstream = ScriptedUpstream.Answering(Answer);
        await using var gateway = await StartAsync(upstream, new SpendingLimits { HardPerDay = Cent, SoftPerMonth = Cent });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Request());
        await heard.NextAsync();

        var (text, _) = await StatusAsync(gateway.Host.State.Current.Config with { Port = gateway.Port }, json: false);
        var (json, _) = await StatusAsync(gateway.Host.State.Current.Config with { Port = gateway.Port }, json: true);
        using var closed = new ClosedPort();
        var (alone, error) = await StatusAsync(gateway.Host.State.Current.Config with { Port = new Uri(closed.Url).Port }, json: false);

        Assert.Contains("in total                 day    █████████░░░░░░░░░░░  $0.0045 of $0.01; begins anew 2026-11-24 00:00 UTC\n", text, StringComparison.Ordinal);
        Assert.Contains("in total                 month  █████████░░░░░░░░░░░  $0.0045 of $0.01 (soft); begins anew 2026-12-01 00:00 UTC\n", text, StringComparison.Ordinal);
        Assert.Equal(2, JsonDocument.Parse(json).RootElement.GetProperty("budgets").GetArrayLength());
        Assert.DoesNotContain("in total", alone, StringComparison.Ordinal);
        Assert.Contains("only a running gateway tells; no gateway answers", error, StringComparison.Ordinal);
    }

    private static async Task<(string Output, string Error)> StatusAsync(GatewayConfig config, bool json)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter());
        var code = await new StatusCommand(new Terminal(output, error), new MemoryKeeper(), TimeProvider.System).RunAsync(config, json, TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Success, code);
        return (output.ToString(), error.ToString());
    }

    private Task<TestGateway> StartAsync(ScriptedUpstream upstream, SpendingLimits total, Func<GatewayConfig, GatewayConfig>? change = null) => TestGateway.StartAsync(
        upstream,
        config => (change ?? (static same => same))(config with { Budgets = config.Budgets with { Total = total } }),
        clock,
        ("story", """{"system":"Tell."}"""));

    private IReadOnlyList<BudgetState> States(TestGateway gateway) => gateway.Host.State.Budgets.States(clock.GetUtcNow());

    private static string Request(int maxTokens = 64, bool stream = false, string model = "claude-sonnet-4-5") =>
        $$"""{"model":"{{model}}","max_tokens":{{maxTokens}},{{(stream ? "\"stream\":true," : "")}}"messages":[{"role":"user","content":"Hello"}]}""";
}
