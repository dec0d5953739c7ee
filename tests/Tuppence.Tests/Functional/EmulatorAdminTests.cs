using System.Text;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorAdminTests : EmulatorScene
{
    [Fact]
    public async Task Queued_faults_befall_the_next_requests_in_order()
    {
        using var queued = await Emulator.PostAsync("/emulator/faults", """[{"fault":"status","status":529,"times":2},"status=429; retry-after=1"]""");
        var waiting = (await EmulatorHost.JsonAsync(queued)).GetProperty("faults");
        Assert.Equal(2, waiting.GetArrayLength());
        Assert.Equal(2, waiting[0].GetProperty("left").GetInt32());

        using var counted = await Emulator.PostAsync("/v1/messages/count_tokens", """{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}]}""");
        var statuses = new List<int> { (int)counted.StatusCode };
        for (var i = 0; i < 4; i++)
        {
            using var response = await Emulator.PostAsync("/v1/messages", Hello);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal("200 529 529 429 200", string.Join(' ', statuses));
    }

    [Fact]
    public async Task Queued_faults_can_be_forgotten()
    {
        using var queued = await Emulator.PostAsync("/emulator/faults", "\"status=529\"");
        using var gone = await Emulator.Client.DeleteAsync("/emulator/faults", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await EmulatorHost.JsonAsync(gone)).GetProperty("faults").GetArrayLength());
        using var response = await Emulator.PostAsync("/v1/messages", Hello);
        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task A_queued_reply_is_given_exactly()
    {
        using var queued = await Emulator.PostAsync("/emulator/replies", """
            {"content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Aye."},{"type":"tool_use","name":"dig","input":{"depth":2}}]}
            """);
        using var response = await Emulator.PostAsync("/v1/messages", Hello);
        var message = await EmulatorHost.JsonAsync(response);
        var content = message.GetProperty("content");
        Assert.Equal("Hm.", EmulatorHost.Text(content[0], "thinking"));
        Assert.Equal("Aye.", EmulatorHost.Text(content[1], "text"));
        Assert.Equal("""{"depth":2}""", content[2].GetProperty("input").GetRawText());
        Assert.StartsWith("toolu_01", EmulatorHost.Text(content[2], "id"), StringComparison.Ordinal);
        Assert.Equal("tool_use", EmulatorHost.Text(message, "stop_reason"));

        using var next = await Emulator.PostAsync("/v1/messages", Hello);
        Assert.Contains("Tuppence's emulator", (await EmulatorHost.JsonAsync(next)).GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Received_requests_are_shown_with_their_secrets_masked()
    {
        using var response = await Emulator.PostAsync("/v1/messages?beta=true", Hello, "x-api-key: sk-ant-secret", "authorization: Bearer hush", "x-app: cli", "x-emulator-fault: status=529");
        var text = await Emulator.Client.GetStringAsync("/emulator/requests", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("sk-ant-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.Contains("x-api-key: ***", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("x-app: cli", text, StringComparison.Ordinal);

        using var log = await Emulator.Client.GetAsync("/emulator/requests", TestContext.Current.CancellationToken);
        var request = Assert.Single((await EmulatorHost.JsonAsync(log)).GetProperty("requests").EnumerateArray());
        Assert.Equal("/v1/messages?beta=true", EmulatorHost.Text(request, "target"));
        Assert.Equal(529, request.GetProperty("status").GetInt32());
        Assert.Equal("status=529", EmulatorHost.Text(request, "fault"));
        Assert.Equal("claude-haiku-4-5", EmulatorHost.Text(request.GetProperty("body"), "model"));

        using var gone = await Emulator.Client.DeleteAsync("/emulator/requests", TestContext.Current.CancellationToken);
        Assert.Equal(0, (await EmulatorHost.JsonAsync(gone)).GetProperty("requests").GetArrayLength());
    }

    [Theory]
    [InlineData("/emulator/faults", "text/plain", "\"status=529\"", 415)]
    [InlineData("/emulator/faults", "application/json", "[\"status=529\",\"sulk\"]", 400)]
    [InlineData("/emulator/replies", "application/json", "{\"content\":[{\"type\":\"song\"}]}", 400)]
    [InlineData("/emulator/replies", "application/json", "{", 400)]
    public async Task A_script_that_cannot_be_played_changes_nothing(string path, string type, string script, int status)
    {
        using var content = new StringContent(script, Encoding.UTF8, type);
        using var response = await Emulator.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        var text = await Emulator.Client.GetStringAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("[]", text, StringComparison.Ordinal);
    }
}
