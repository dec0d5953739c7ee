using System.Text;
using Tuppence.Messages.Edits;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

public sealed class ClaudeCodeAdapterTests
{
    private const string Question = "\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]";

    private readonly ClaudeCodeAdapter adapter = new();

    [Fact]
    public void What_is_carried_whole_passes_as_it_is()
    {
        var body = """
            { "model": "claude-sonnet-4-5", "max_tokens": 100, "stream": true, "system": "s", "temperature": 0.5, "top_k": 3, "stop_sequences": ["x"],
              "tools": [{"name":"a","description":"d","input_schema":{"type":"object","properties":{"cache_control":{"type":"string"}}}}], "tool_choice": {"type":"auto"},
              "messages": [{"role":"assistant","content":"greet"},{"role":"user","content":[{"type":"text","text":"\"cache_control\""}]}] }
            """;
        Assert.Equal((body, ""), Edit(body));
    }

    [Theory]
    [InlineData("\"metadata\":{\"user_id\":\"u\"}," + Question, "dropped metadata", Question)]
    [InlineData("\"service_tier\":\"auto\",\"context_management\":{},\"new_thing\":1," + Question, "dropped service_tier, dropped context_management, dropped new_thing", Question)]
    [InlineData("\"cache_control\":{\"type\":\"ephemeral\"}," + Question, "dropped 1 cache_control", Question)]
    [InlineData("\"system\":[{\"type\":\"text\",\"text\":\"x\",\"cache_control\":{\"type\":\"ephemeral\"}}]," + Question, "dropped 1 cache_control", "\"system\":[{\"type\":\"text\",\"text\":\"x\"}]," + Question)]
    [InlineData("\"system\":[{\"type\":\"text\",\"text\":\"x\"},{\"type\":\"text\",\"text\":\"y\"}]," + Question, "joined 2 system blocks", null)]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]", "1 user turn joined to the one before", null)]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"system\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}]", "1 system message to user turns, 2 user turns joined to the one before", null)]
    [InlineData("\"messages\":[{\"role\":\"user\",\"content\":\"a\",\"name\":\"x\"}]", "dropped messages.name", null)]
    [InlineData("\"top_p\":1.0," + Question, "dropped top_p", Question)]
    [InlineData("\"output_config\":{\"task_budget\":{}}," + Question, "dropped output_config.task_budget", null)]
    [InlineData("\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"},\"strict\":true}]," + Question, "dropped tools.strict", null)]
    [InlineData("\"tools\":[{\"name\":\"z\",\"input_schema\":{\"type\":\"object\"}},{\"name\":\"a\",\"input_schema\":{\"type\":\"object\",\"oneOf\":[]}}]," + Question, "tools sorted by name, 1 tool schemas restated", null)]
    public void What_is_left_out_or_changed_is_said(string members, string did, string? expected)
    {
        var (body, edits) = Edit("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":2000," + members + "}");
        Assert.Equal($"provider:claude-code;did=\"{did}\"", edits);
        Assert.Equal("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":2000," + (expected ?? members) + "}", body);
    }

    [Fact]
    public void Markers_inside_blocks_go_too_and_nothing_else_does()
    {
        var (body, edits) = Edit("""
            {"model":"claude-sonnet-4-5","max_tokens":9,"tools":[{"cache_control":{"type":"ephemeral"},"name":"t","input_schema":{"type":"object","cache_control":{}}}],"messages":[
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":[{"type":"text","text":"r","cache_control":{"type":"ephemeral","ttl":"1h"}}],"cache_control":null},
            {"type":"document","source":{"type":"content","content":[{"cache_control":{"type":"ephemeral"},"type":"text","text":"d"}]}}]}]}
            """);
        Assert.Equal("provider:claude-code;did=\"dropped 3 cache_control\"", edits);
        Assert.Equal("""
            {"model":"claude-sonnet-4-5","max_tokens":9,"tools":[{"name":"t","input_schema":{"type":"object","cache_control":{}}}],"messages":[
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":[{"type":"text","text":"r"}]},
            {"type":"document","source":{"type":"content","content":[{"type":"text","text":"d"}]}}]}]}
            """, body);
    }

    [Theory]
    [InlineData("claude-opus-5-5", 999999, "", "max_tokens to 128000, thinking is summarized")]
    [InlineData("claude-opus-4-6", 9999, ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", "thinking enabled (2000 tokens) to adaptive")]
    [InlineData("claude-opus-5-5", 9999, ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"omitted\"}", "thinking is summarized")]
    [InlineData("claude-opus-5-5", 9999, ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}", null)]
    [InlineData("claude-sonnet-4-5", 9999, ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", null)]
    public void What_the_program_makes_of_thinking_is_said(string model, int maxTokens, string thinking, string? did) =>
        Assert.Equal(did is null ? "" : $"provider:claude-code;did=\"{did}\"", Edit($$"""{"model":"{{model}}","max_tokens":{{maxTokens}}{{thinking}},{{Question}}}""").Edits);

    [Theory]
    [InlineData(Question, "\"model\" must be")]
    [InlineData("\"model\":\"claude-sonnet-4-5\"," + Question, "\"max_tokens\" must be")]
    [InlineData("\"model\":\"claude-sonnet-4-5\",\"max_tokens\":0," + Question, "\"max_tokens\" must be")]
    [InlineData("*\"messages\":[]", "at least one message")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"pre\"}]", "(a prefill)")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":\" \\n\"}]", "empty or blank")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\"}]}]", "empty or blank")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":[]}]", "at least one block")]
    [InlineData("*\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]", "must have a \"role\"")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"container_upload\",\"file_id\":\"f\"}]}]", "carries no such block")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}]}]", "files by their id")]
    [InlineData("*\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"file\"}}]}]}]", "files by their id")]
    [InlineData("*\"system\":{}," + Question, "\"system\" must be")]
    [InlineData("*\"system\":[{\"type\":\"text\",\"text\":\" \"}]," + Question, "\"system\" is empty")]
    [InlineData("*\"top_p\":0.9," + Question, "send \"temperature\" instead")]
    [InlineData("*\"container\":\"c\"," + Question, "cannot carry \"container\"")]
    [InlineData("*\"inference_geo\":\"eu\"," + Question, "cannot carry \"inference_geo\"")]
    [InlineData("*\"output_config\":{\"format\":{\"type\":\"json_schema\"}}," + Question, "output_config.format")]
    [InlineData("*\"output_config\":{\"effort\":\"low\"}," + Question, "does not take the effort")]
    [InlineData("*\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]," + Question, "own tools alone")]
    [InlineData("*\"tools\":[{\"name\":\"t\",\"input_schema\":{\"properties\":{}}}]," + Question, "the type \"object\"")]
    [InlineData("*\"tools\":[{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}},{\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}}]," + Question, "names of their own")]
    [InlineData("*\"tools\":[{\"name\":\"a b\",\"input_schema\":{\"type\":\"object\"}}]," + Question, "names of their own")]
    [InlineData("*\"thinking\":{\"type\":\"adaptive\"}," + Question, "does not take \"thinking\"")]
    [InlineData("*\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}," + Question, "less than \"max_tokens\"")]
    [InlineData("*\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":10}," + Question, "1024 or more")]
    public void What_would_change_the_answer_is_refused(string members, string words)
    {
        var body = "{" + members.Replace("*", "\"model\":\"claude-sonnet-4-5\",\"max_tokens\":2000,", StringComparison.Ordinal) + "}";
        Assert.Contains(words, Fault(body));
    }

    [Fact]
    public void Thinking_that_the_program_does_not_switch_off_is_refused() =>
        Assert.Contains("does not switch thinking off", Fault("{\"model\":\"claude-haiku-5-5\",\"max_tokens\":2000,\"thinking\":{\"type\":\"disabled\"}," + Question + "}"));

    [Fact]
    public void Betas_are_dropped_and_said()
    {
        Assert.True(adapter.Betas.TryFilter(["a-1,b-2", "c-3"], out var kept, out var edit));
        Assert.Empty(kept);
        Assert.Equal("dropped a-1, b-2, c-3", edit.Detail);
    }

    [Theory]
    [InlineData("/v1/messages/batches", ProviderSurface.Other, false)]
    [InlineData("/v1/files?limit=1", ProviderSurface.Other, false)]
    [InlineData("/v1/messages/count_tokens", ProviderSurface.CountTokens, true)]
    public void Other_surfaces_are_refused(string target, ProviderSurface surface, bool isCounting)
    {
        var refusal = adapter.Refuse(new ProviderRequest(surface, target, null, [], null, []));
        Assert.Contains("/v1/messages and /v1/models", refusal!.Message);
        Assert.Equal(isCounting, refusal.IsCounting);
    }

    [Theory]
    [InlineData("/v1/models?limit=1000", ProviderSurface.Other)]
    [InlineData("/v1/models/claude-opus-5", ProviderSurface.Other)]
    [InlineData("/v1/messages?beta=true", ProviderSurface.Messages)]
    public void Messages_and_models_are_served(string target, ProviderSurface surface) =>
        Assert.Null(adapter.Refuse(new ProviderRequest(surface, target, null, [], null, [])));

    [Theory]
    [InlineData(2000, 2000, false)]
    [InlineData(2001, 10, true)]
    [InlineData(10, 2001, true)]
    public void An_image_with_too_many_pixels_is_said(int width, int height, bool isLarge)
    {
        byte[] png = [0x89, .. "PNG\r\n\x1A\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, (byte)(width >> 8), (byte)width, 0, 0, (byte)(height >> 8), (byte)height, 8, 2, 0, 0, 0];
        byte[] gif = [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), 0, 0, 0];
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, 1, 1, 0x11, 0];
        byte[] webp = [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0];
        foreach (var image in (byte[][])[png, gif, jpeg, webp])
        {
            var body = "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"" + Convert.ToBase64String(image) + "\"}}]}]}";
            Assert.Equal(isLarge ? "provider:claude-code;did=\"1 large images are made smaller\"" : "", Edit(body).Edits);
        }
    }

    private (string Body, string Edits) Edit(string body)
    {
        using var outcome = Apply(body);
        Assert.Null(outcome.Fault);
        var bytes = new byte[outcome.Length];
        outcome.CopyTo(bytes);
        return (Encoding.UTF8.GetString(bytes), AppliedEdit.WriteHeaderValue(outcome.Applied));
    }

    private string Fault(string body)
    {
        using var outcome = Apply(body);
        Assert.NotNull(outcome.Fault);
        return outcome.Fault.Message;
    }

    private EditOutcome Apply(string body) =>
        new EditList([adapter.EditOf(new ProviderRequest(ProviderSurface.Messages, "/v1/messages", "2023-06-01", [], null, []))!]).Apply(Encoding.UTF8.GetBytes(body), default);
}
