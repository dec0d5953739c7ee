using System.Text.Json;
using Tuppence.Emulator.Caching;
using Tuppence.Emulator.Http;

namespace Tuppence.Emulator.Replies;

/// <summary>Sends a reply as server-sent events.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/streaming (2026-08-22).</remarks>
internal sealed class MessageStream(Wire wire, Pace pace, CancellationToken left)
{
    private readonly EventWriter events = new(wire);

    /// <summary>From <c>message_start</c> to <c>message_stop</c>, at its pace, or as far as the wire holds. False where it broke before its last word on usage.</summary>
    public async Task<bool> SendAsync(string id, string model, Reply reply, CacheUsage input, UsageTerms terms)
    {
        await pace.WaitAsync(pace.ToHead, ping: null, left);
        await wire.StartAsync(200, "text/event-stream; charset=utf-8", length: null);
        await events.SendAsync("message_start", json =>
        {
            json.WriteStartObject("message"u8);
            MessageJson.Head(json, id, model);
            json.WriteStartArray("content"u8);
            json.WriteEndArray();
            MessageJson.Stop(json, reply: null);
            json.WriteNull("diagnostics"u8);
            Usage.Write(json, input, output: 1, thinking: 0, reply: null, terms);
            json.WriteEndObject();
        });
        await pace.WaitAsync(pace.ToFirstToken, PingAsync, left);

        for (var index = 0; index < reply.Blocks.Count && !wire.Broken; index++)
        {
            await BlockAsync(index, reply.Blocks[index]);
        }

        await events.SendAsync("message_delta", json =>
        {
            json.WriteStartObject("delta"u8);
            MessageJson.Stop(json, reply);
            json.WriteEndObject();
            Usage.WriteFinal(json, input, reply.Tokens, reply.ThinkingTokens, reply);
        });
        var isTold = !wire.Broken;
        await events.SendAsync("message_stop", _ => { });
        await wire.EndAsync();
        return isTold;
    }

    private Task PingAsync() => events.SendAsync("ping", _ => { });

    private async Task BlockAsync(int index, ReplyBlock block)
    {
        await events.SendAsync("content_block_start", json => Start(json, index, block));
        if (index == 0)
        {
            await PingAsync();
        }

        switch (block)
        {
            case TextReply text:
                await DeltasAsync(index, "text_delta", "text", text.Text);
                break;
            case ThinkingReply thinking:
                await (thinking.WithText
                    ? DeltasAsync(index, "thinking_delta", "thinking", thinking.Thinking)
                    : pace.WaitAsync(pace.Of(thinking.Tokens), PingAsync, left));
                await DeltaAsync(index, "signature_delta", "signature", thinking.Signature);
                break;
            case ToolUseReply tool:
                await DeltaAsync(index, "input_json_delta", "partial_json", "");
                await DeltasAsync(index, "input_json_delta", "partial_json", tool.Input);
                break;
        }

        await events.SendAsync("content_block_stop", json => json.WriteNumber("index"u8, index));
    }

    private async Task DeltasAsync(int index, string type, string member, string text)
    {
        foreach (var piece in Chunks.Of(text))
        {
            if (wire.Broken)
            {
                return;
            }

            await DeltaAsync(index, type, member, piece);
            await pace.WaitAsync(pace.Of(Requests.TokenEstimate.OfText(piece)), PingAsync, left);
        }
    }

    private Task DeltaAsync(int index, string type, string member, string piece) => events.SendAsync("content_block_delta", json =>
    {
        json.WriteNumber("index"u8, index);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        json.WriteString(member, piece);
        json.WriteEndObject();
    });

    private static void Start(Utf8JsonWriter json, int index, ReplyBlock block)
    {
        json.WriteNumber("index"u8, index);
        json.WritePropertyName("content_block"u8);
        MessageJson.Block(json, WithoutDeltas(block));
    }

    /// <summary>The block as it begins: without what its deltas will bring.</summary>
    private static ReplyBlock WithoutDeltas(ReplyBlock block) => block switch
    {
        TextReply => new TextReply(""),
        ThinkingReply => new ThinkingReply("", "", WithText: false),
        ToolUseReply tool => tool with { Input = "{}" },
        _ => block,
    };
}
