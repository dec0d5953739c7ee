using System.Text.Json;
using Anthropic;
using Anthropic.Models.Messages;

namespace Tuppence.Tests.Functional;

/// <summary>The official C# SDK as a client, with its check of every response against the API's types switched on.</summary>
public sealed class EmulatorSdkTests : IAsyncLifetime
{
    private EmulatorHost emulator = null!;
    private AnthropicClient client = null!;

    public async ValueTask InitializeAsync()
    {
        emulator = await EmulatorHost.StartAsync();
        client = new() { BaseUrl = emulator.Url.ToString().TrimEnd('/'), ApiKey = "anything", MaxRetries = 0, ResponseValidation = true };
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        Assert.Empty(emulator.Errors.Lines);
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_plain_message_is_read()
    {
        var message = await client.Messages.Create(Asking("claude-haiku-4-5", "Good morning"), TestContext.Current.CancellationToken);
        Assert.True(message.Content[0].TryPickText(out var text));
        Assert.Contains("You wrote: “Good morning”", text!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_read_with_its_thinking()
    {
        var (thinking, signature, text, stopped) = ("", "", "", false);
        var asking = Asking("claude-opus-5-5", "Why?") with { Thinking = new ThinkingConfigAdaptive { Display = "summarized" } };
        await foreach (var part in client.Messages.CreateStreaming(asking, TestContext.Current.CancellationToken))
        {
            part.Validate();
            stopped |= part.TryPickStop(out _);
            if (part.TryPickContentBlockDelta(out var delta))
            {
                thinking += delta!.Delta.TryPickThinking(out var thought) ? thought!.Thinking : "";
                signature += delta.Delta.TryPickSignature(out var signed) ? signed!.Signature : "";
                text += delta.Delta.TryPickText(out var words) ? words!.Text : "";
            }
        }

        Assert.Contains("“Why?”", thinking, StringComparison.Ordinal);
        Assert.NotEmpty(signature);
        Assert.Contains("You wrote: “Why?”", text, StringComparison.Ordinal);
        Assert.True(stopped);
    }

    [Fact]
    public async Task A_tool_call_is_read()
    {
        var asking = Asking("claude-haiku-4-5", "Paris") with
        {
            Tools = [new Tool { Name = "get_weather", InputSchema = new() { Properties = new Dictionary<string, JsonElement>(StringComparer.Ordinal) { ["city"] = JsonDocument.Parse("""{"type":"string"}""").RootElement } } }],
            ToolChoice = new ToolChoiceAny(),
        };
        var message = await client.Messages.Create(asking, TestContext.Current.CancellationToken);
        Assert.True(message.Content[0].TryPickToolUse(out var use));
        Assert.Equal("get_weather", use!.Name);
        Assert.Equal("Paris", use.Input["city"].GetString());
    }

    [Fact]
    public async Task Tokens_and_models_are_read()
    {
        var count = await client.Messages.CountTokens(new() { Model = "claude-haiku-4-5", Messages = [new UserMessageParam("Good morning")] }, TestContext.Current.CancellationToken);
        Assert.Equal(9, count.InputTokens);

        var model = await client.Models.Retrieve("claude-haiku-4-5", cancellationToken: TestContext.Current.CancellationToken);
        model.Validate();
        Assert.Equal(64_000, model.MaxTokens);
    }

    [Fact]
    public async Task An_error_has_its_own_type()
    {
        var error = await Assert.ThrowsAsync<Anthropic.Exceptions.AnthropicNotFoundException>(() => client.Messages.Create(Asking("claude-9", "Hi"), TestContext.Current.CancellationToken));
        Assert.Contains("model: claude-9", error.Message, StringComparison.Ordinal);
    }

    private static MessageCreateParams Asking(string model, string text) => new() { Model = model, MaxTokens = 3000, Messages = [new UserMessageParam(text)] };
}
