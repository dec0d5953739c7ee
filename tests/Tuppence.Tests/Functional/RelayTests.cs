using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

public sealed class RelayTests
{
    [Fact]
    public async Task A_body_and_its_answer_pass_as_they_are()
    {
        await using var upstream = ScriptedUpstream.Answering("""{ "z":1.0, "a":12345678901234567890 }""", headers: "request-id: req_1\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream);

        var answer = await gateway.PostAsync("""{ "b" :1,  "model":"claude-x" }""");

        Assert.Equal((200, """{ "z":1.0, "a":12345678901234567890 }""", "req_1"), (answer.Status, answer.Text, answer["request-id"]));
        Assert.Equal("""{ "b" :1,  "model":"claude-x" }""", upstream.Calls.Single().Text);
    }

    [Fact]
    public async Task The_emulator_answers_without_any_account()
    {
        await using var gateway = await TestGateway.StartAsync();

        var answer = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""");

        Assert.Equal((200, "emulator"), (answer.Status, answer["x-tuppence-upstream"]));
    }

    [Fact]
    public async Task A_long_answer_of_declared_length_arrives_whole()
    {
        var json = "\"" + new string('w', 300_000) + "\"";
        await using var upstream = ScriptedUpstream.Answering(json);
        await using var gateway = await TestGateway.StartAsync(upstream);

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(json, answer.Text);
    }

    [Fact]
    public async Task A_preset_shapes_the_request_and_says_so()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, presets: ("story", """{"system":"Tell."}"""));

        var answer = await gateway.PostAsync("""{"model":"claude-x","messages":[]}""", "/v1/story/messages");

        Assert.Contains("preset:story", answer["x-tuppence-edits"], StringComparison.Ordinal);
        Assert.Contains("Tell.", upstream.Calls.Single().Text, StringComparison.Ordinal);
        Assert.Equal("POST /v1/messages HTTP/1.1", upstream.Calls.Single().RequestLine);
    }
}
