using System.Text.Json;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

/// <summary>A conversation that the API is to remember.</summary>
public sealed class ThreadRefusalTests
{
    [Theory]
    [InlineData("""{"type":"create"}""")]
    [InlineData("""{"type":"continue","previous_message_id":"msg_1"}""")]
    public async Task It_is_refused_so_that_the_client_sends_the_whole(string thread)
    {
        await using var scene = new ClaudeScene(ClaudeScene.Request.Replace("\"stream\"", $"\"thread\":{thread},\"stream\"", StringComparison.Ordinal));

        using var answer = JsonDocument.Parse(await scene.WholeAsync());

        var error = answer.RootElement.GetProperty("error");
        Assert.Equal((400, "application/json", "invalid_request_error"), (scene.Answer.Status, scene.Answer.ContentType, error.GetProperty("type").GetString()));
        Assert.Contains("\"thread\"", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("thread_unsupported_request", error.GetProperty("details").GetProperty("error_code").GetString());
        Assert.Equal("thread", error.GetProperty("details").GetProperty("unsupported")[0].GetString());
        Assert.Empty(scene.Program.Lines);
    }

    [Fact]
    public async Task Null_is_none()
    {
        var scene = await ClaudeScene.ListenedAsync(ClaudeScene.Request.Replace("\"stream\"", "\"thread\":null,\"stream\"", StringComparison.Ordinal));

        Assert.NotEmpty(scene.Program.Lines);
        scene.LeaveClient();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Answering);
        await scene.DisposeAsync();
    }
}
