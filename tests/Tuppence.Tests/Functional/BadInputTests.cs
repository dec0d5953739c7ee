using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Tuppence.Commands;
using Tuppence.Configuration;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>The table of docs/guide/errors.md: each of its rows is played, and each scene has its row.</summary>
public sealed class BadInputTests
{
    private const string Hello = """{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""";

    /// <summary>By the first column of the table. Each gives what a person sees: status or exit code, type, text.</summary>
    private static readonly Dictionary<string, Func<Task<Seen>>> Scenes = new(StringComparer.Ordinal)
    {
        ["Malformed JSON, to a preset"] = () => SendAsync(RawClient.Post("/v1/plain/messages", """{"model":"m",,"messages":[]}""")),
        ["Malformed JSON, without an edit"] = () => SendAsync(RawClient.Post("/v1/messages", """{"model":"m",,"messages":[]}""")),
        ["JSON nested too deeply, to a preset"] = () => SendAsync(RawClient.Post("/v1/plain/messages", $$"""{"model":"m","x":{{new string('[', 100)}}{{new string(']', 100)}}}""")),
        ["A compressed body, to a preset"] = () => SendAsync(RawClient.Post("/v1/plain/messages", "{}", "Content-Encoding: gzip\r\n")),
        ["A wrong content type"] = () => SendAsync(RawClient.Post("/v1/messages", Hello, contentType: "text/plain")),
        ["No content type"] = () => SendAsync(RawClient.Post("/v1/messages", Hello).Replace("Content-Type: application/json\r\n", "", StringComparison.Ordinal)),
        ["An empty body"] = () => SendAsync(RawClient.Post("/v1/messages", "", "anthropic-version: 2023-06-01\r\n"), static config => config with { Upstream = null }),
        ["A body over the limit"] = () => SendAsync(RawClient.Post("/v1/messages", new string(' ', 1024 * 1024) + Hello)),
        ["An unknown preset"] = () => SendAsync(RawClient.Post("/v1/stroy/messages", Hello)),
        ["The name of an upstream that does not exist"] = () => SendAsync(RawClient.Post("/v1/messages", Hello, "x-tuppence-upstream: nobody\r\n")),
        ["A wrong gateway key"] = () => SendAsync(RawClient.Post("/v1/messages", Hello, "x-api-key: fedcba9876543210\r\n"), WithKey),
        ["No gateway key"] = () => SendAsync(RawClient.Post("/v1/messages", Hello), WithKey),
        ["A foreign Host"] = () => SendAsync(RawClient.Post("/v1/messages", Hello).Replace("localhost", "evil.example", StringComparison.Ordinal)),
        ["A page of another origin"] = () => SendAsync(RawClient.Post("/v1/messages", Hello, "Origin: http://evil.example\r\n")),
        ["Framing that can be read in two ways"] = () => SendAsync(RawClient.Post("/v1/messages", "0\r\n\r\n", "Transfer-Encoding: chunked\r\n")),
        ["A request that a budget does not cover"] = () => SendAsync(
            RawClient.Post("/v1/messages", Hello), static config => config with { Budgets = new BudgetConfig { Total = new SpendingLimits { HardPerDay = 100_000 } } }),
        ["A request while the gateway is full"] = WhileFullAsync,
        ["A request to an upstream that is down"] = ToClosedPortAsync,
        ["A request to an upstream that is Tuppence itself"] = ToItselfAsync,
        ["A request to an upstream whose name has no address"] = () => SendAsync(RawClient.Post("/v1/messages", Hello), static config => config with { Upstream = "https://no-such-host.invalid" }),
        ["https to an upstream that speaks plain HTTP"] = ToPlainHttpAsync,
        ["https to an upstream with a certificate nobody vouches for"] = ToUntrustedAsync,
        ["An upstream that does not speak HTTP"] = () => FromUpstreamAsync(static async call =>
        {
            await call.SendAsync("220 mail.example ESMTP\r\n\r\n");
            call.Close();
        }),
        ["An upstream that never answers"] = () => FromUpstreamAsync(
            static call => call.UntilClosedAsync(),
            static config => config with { Timeouts = config.Timeouts with { ResponseHeaders = TimeSpan.FromMilliseconds(50) } }),
        ["A request to Claude Code where nobody is signed in to it"] = () => ToProgramAsync("signed-out"),
        ["A request to Claude Code where there is no such program"] = () => SendAsync(
            RawClient.Post("/v1/messages", Hello), static config => config with { ClaudeCode = new ClaudeCodeConfig { Enabled = true, Program = Path.Combine(Path.GetTempPath(), "no-such-program") }, Upstream = "claude-code" }),
        ["A request to a Claude Code that is too old"] = () => ToProgramAsync("version 1.0.0"),
        ["A request to a Claude Code that does something else than is expected"] = () => ToProgramAsync("no-system"),
        ["A last message of the assistant, to Claude Code"] = () => ToProgramAsync("", Hello.Replace("}]}", "},{\"role\":\"assistant\",\"content\":\"Well,\"}]}", StringComparison.Ordinal)),
        ["More requests to Claude Code than may wait"] = WhileProgramIsFullAsync,
        ["Claude Code for more than one person"] = ForSeveralPersonsAsync,
        ["A wrong configuration"] = WithWrongConfigurationAsync,
    };

    public static TheoryData<string, string, string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string, string, string>();
            foreach (var row in Table())
            {
                rows.Add(row.Sent, row.Status, row.Type, row.Text);
            }

            return rows;
        }
    }

    [Fact]
    public void The_manual_and_the_scenes_have_the_same_rows() => Assert.Equal(Table().Select(static row => row.Sent), Scenes.Keys, StringComparer.Ordinal);

    [Theory, MemberData(nameof(Rows))]
    public async Task What_the_manual_says_is_what_is_seen(string sent, string status, string type, string text)
    {
        var seen = await Scenes[sent]();

        Assert.Equal((status, type), (seen.Status, seen.Type));
        Assert.Contains(text, seen.Text, StringComparison.Ordinal);
    }

    private static List<(string Sent, string Status, string Type, string Text)> Table() =>
        [.. File.ReadLines(Path.Combine(GoldenText.RepositoryRoot, "docs", "guide", "errors.md"))
            .Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
            .Skip(2)
            .Select(static line => line.Trim('|', ' ').Split(" | "))
            .Select(static cells =>
            {
                // 413 `type` “words of the message”
                var text = cells[1][(cells[1].IndexOf('“') + 1)..^1];
                var start = cells[1][..cells[1].IndexOf('“')].Trim();
                var type = start.Split('`') is [_, var name, _] ? name : "";
                return (cells[0], start.Replace($"`{type}`", "", StringComparison.Ordinal).Trim(), type, text);
            })];

    private static Task<Seen> SendAsync(string request, Func<GatewayConfig, GatewayConfig>? change = null) => FromUpstreamAsync(
        static call => call.AnswerAsync(418, """{"type":"error","error":{"type":"upstream_error","message":"the upstream's own words"}}"""), change, request);

    private static async Task<Seen> FromUpstreamAsync(Func<UpstreamCall, Task> script, Func<GatewayConfig, GatewayConfig>? change = null, string? request = null)
    {
        await using var upstream = ScriptedUpstream.Start(script);
        await using var gateway = await StartAsync(upstream, change);
        return Seen.Of(await gateway.SendAsync(request ?? RawClient.Post("/v1/messages", Hello)));
    }

    private static Task<TestGateway> StartAsync(ScriptedUpstream upstream, Func<GatewayConfig, GatewayConfig>? change) => TestGateway.StartAsync(
        upstream,
        config => (change ?? (static same => same))(config with { Limits = config.Limits with { MaxBodyBytes = 1024 * 1024 } }),
        null,
        ("plain", """{"system":"Answer."}"""),
        ("storyteller", """{"system":"Tell."}"""));

    private static GatewayConfig WithKey(GatewayConfig config) => config with { GatewayKeys = [new Secret("0123456789abcdef")] };

    private static async Task<Seen> WhileFullAsync()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.UntilClosedAsync());
        await using var gateway = await StartAsync(upstream, static config => config with { Limits = config.Limits with { MaxConcurrentRequests = 1, MaxQueuedRequests = 0 } });
        using var first = await RawClient.ConnectAsync(gateway.Port);
        await first.SendAsync(RawClient.Post("/v1/messages", Hello));
        await upstream.CallAsync();
        return Seen.Of(await gateway.SendAsync(RawClient.Post("/v1/messages", Hello)));
    }

    private static async Task<Seen> ToPlainHttpAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            _ = await connection.GetStream().ReadAtLeastAsync(new byte[1], 1);
            await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray());
        });
        var seen = await SendAsync(RawClient.Post("/v1/messages", Hello), config => config with { Upstream = $"https://{listener.LocalEndpoint}" });
        await answering;
        return seen;
    }

    private static async Task<Seen> ToUntrustedAsync()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var read = 0;
        var answering = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await using var secure = new SslStream(connection.GetStream());
            try
            {
                await secure.AuthenticateAsServerAsync(certificate);
                read = await secure.ReadAsync(new byte[1]);
            }
            catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
            {
                // The gateway turned away.
            }
        });
        var seen = await SendAsync(RawClient.Post("/v1/messages", Hello), config => config with { Upstream = $"https://{listener.LocalEndpoint}" });
        await answering;
        Assert.Equal(0, read);
        return seen;
    }

    private static async Task<Seen> ToClosedPortAsync()
    {
        using var closed = new ClosedPort();
        return await SendAsync(RawClient.Post("/v1/messages", Hello), config => config with { Upstream = closed.Url });
    }

    private static async Task<Seen> ToItselfAsync()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Host.Reload(gateway.Host.State.Current.Config with { Upstream = $"http://localhost:{gateway.Port}" });
        return Seen.Of(await gateway.SendAsync(RawClient.Post("/v1/messages", Hello)));
    }

    private static async Task<Seen> ToProgramAsync(string plan, string body = Hello)
    {
        using var program = new TalkingProgram(plan);
        return await SendAsync(RawClient.Post("/v1/messages", body), program.AsUpstream);
    }

    private static async Task<Seen> WhileProgramIsFullAsync()
    {
        using var program = new TalkingProgram("hang");
        await using var gateway = await TestGateway.StartAsync(config => program.AsUpstream(config) with { ClaudeCode = program.AsUpstream(config).ClaudeCode with { Concurrency = 1, QueueLength = 0 } });
        using var first = await RawClient.ConnectAsync(gateway.Port);
        await first.SendAsync(RawClient.Post("/v1/messages", Hello));
        await Gate.UntilAsync(() => program.Calls.Contains("\"Hello\"", StringComparison.Ordinal));
        return Seen.Of(await gateway.SendAsync(RawClient.Post("/v1/messages", Hello)));
    }

    private static async Task<Seen> ForSeveralPersonsAsync()
    {
        var (exit, error) = await GatewayProcess.ExitCodeAsync(
            "--port", "0", "--set", "claude_code.enabled=true", "--host", "0.0.0.0", "--gateway-key", "0123456789abcdef", "--gateway-key", "fedcba9876543210");
        Assert.Contains("would let other machines use your Claude Code sign-in", error, StringComparison.Ordinal);
        return new Seen($"exit code {exit}", "", error);
    }

    private static async Task<Seen> WithWrongConfigurationAsync()
    {
        var (exit, error) = await GatewayProcess.ExitCodeAsync("--port", "70000", "--set", "timeouts.idle_seconds=-1", "--set", "limits.max_body_byte=1");
        Assert.Equal(ExitCode.Config, exit);
        Assert.All(
            new[] { "--port  port", "70000 is out of range", "Accepted:", "limits.max_body_byte", "max_body_bytes" },
            text => Assert.Contains(text, error, StringComparison.Ordinal));
        return new Seen($"exit code {exit}", "", error);
    }

    /// <summary>What a person sees of an answer.</summary>
    private sealed record Seen(string Status, string Type, string Text)
    {
        public static Seen Of(RawResponse answer)
        {
            using var json = JsonDocument.Parse(Encoding.UTF8.GetString(answer.Body));
            var error = json.RootElement.GetProperty("error");
            Assert.Equal("error", json.RootElement.GetProperty("type").GetString());
            return new Seen($"{answer.Status}", error.GetProperty("type").GetString()!, error.GetProperty("message").GetString()!);
        }
    }
}
