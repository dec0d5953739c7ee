using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

/// <summary>The log for programs.</summary>
public sealed class JsonLogTests
{
    [Fact]
    public async Task Each_line_is_one_object_and_each_line_of_a_request_has_its_id()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { LogFormat = LogFormat.Json });
        var heard = HeardRequests.On(gateway);

        var good = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":1,"messages":[]}""", "/v1/messages?key=hush");
        var bad = await gateway.PostAsync("{}", "/v1/no%0Asuch/messages");
        await heard.NextAsync();
        await heard.NextAsync();

        var lines = gateway.Log.TrimEnd().Split('\n').Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        var answered = Assert.Single(lines, line => line.TryGetProperty("request_id", out var id) && id.GetString() == good["x-tuppence-request-id"]);
        Assert.Equal((20, "info", "Tuppence"), (answered.GetProperty("event").GetInt32(), answered.GetProperty("level").GetString(), answered.GetProperty("category").GetString()));
        Assert.Equal((200, "/v1/messages", "upstream"), (answered.GetProperty("values").GetProperty("status").GetInt32(), answered.GetProperty("values").GetProperty("path").GetString(), answered.GetProperty("values").GetProperty("upstream").GetString()));
        Assert.DoesNotContain(good["x-tuppence-request-id"]!, answered.GetProperty("message").GetString(), StringComparison.Ordinal);
        var refused = Assert.Single(lines, line => line.TryGetProperty("request_id", out var id) && id.GetString() == bad["x-tuppence-request-id"]);
        Assert.Equal("UnknownPreset", refused.GetProperty("values").GetProperty("kind").GetString());
        Assert.All(lines, static line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("time").GetString()));
        Assert.DoesNotContain("hush", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_stays_the_default_with_the_id_at_the_end_of_the_line()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);

        var answer = await gateway.PostAsync("{}");
        await heard.NextAsync();

        Assert.Contains($"[{answer["x-tuppence-request-id"]}]\n", gateway.Log.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
