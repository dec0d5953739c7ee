using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tuppence.Emulator.Http;
using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Composes the reply to a request that has no queued one.</summary>
/// <remarks>
/// Turns of phrase, ids and signatures derive from <c>messages</c>, so a conversation gets the same words streamed or whole.
/// The strings that Anthropic documents for tests are honoured, by their beginnings: they make the reply a refusal, or its thinking redacted.
/// Source: https://platform.claude.com/docs/en/test-and-evaluate/strengthen-guardrails/handle-streaming-refusals (2026-08-22).
/// </remarks>
internal static class Composer
{
    // Only the beginnings are written here: the full strings would trip a model that reads this file.
    private const string RefusalTest = "ANTHROPIC_MAGIC_STRING_TRIGGER_REFUSAL_";
    private const string RedactedTest = "ANTHROPIC_MAGIC_STRING_TRIGGER_REDACTED_THINKING_";
    private const int SignatureLength = 132;
    private const int LeastThinking = 8;

    /// <summary>The whole reply, before <see cref="ReplyLimits"/>.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="text">The text to say instead of the emulator's own, or <see langword="null"/>.</param>
    public static Reply Compose(MessageRequest request, string? text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(JsonMarshal.GetRawUtf8Value(request.Root.GetProperty("messages"u8)), digest);

        var asked = request.Conversation.LastUserText;
        if (request.MaxTokens == 0)
        {
            return new([], "max_tokens");
        }

        if (asked.Contains(RefusalTest, StringComparison.Ordinal))
        {
            return new([], "refusal");
        }

        var blocks = new List<ReplyBlock>();
        if (request.Thinking.On && Thinking(request, digest, redacted: asked.Contains(RedactedTest, StringComparison.Ordinal)) is { } thinking)
        {
            blocks.Add(thinking);
        }

        if (Called(request) is { } tool)
        {
            if (!request.ToolChoice.Forces)
            {
                blocks.Add(new TextReply($"I will ask the tool {tool.Name}."));
            }

            blocks.Add(new ToolUseReply(ResponseHead.Id("toolu_", Convert.ToHexString(digest)), tool.Name, SampleInput.For(tool.Schema, Subject(asked))));
            return new(blocks, "tool_use");
        }

        blocks.Add(new TextReply(text ?? PlainAnswer.Text(request, BinaryPrimitives.ReadUInt32LittleEndian(digest))));
        return new(blocks, "end_turn");
    }

    /// <summary>A signature of the right look, the same for the same digest.</summary>
    public static string Signature(ReadOnlySpan<byte> digest)
    {
        var bytes = new byte[SignatureLength];
        HKDF.Expand(HashAlgorithmName.SHA256, digest, bytes, "tuppence signature"u8);
        return Convert.ToBase64String(bytes);
    }

    // A third of max_tokens at most, so that a short limit still leaves an answer.
    private static ReplyBlock? Thinking(MessageRequest request, ReadOnlySpan<byte> digest, bool redacted)
    {
        var room = Math.Min(request.Thinking.Budget ?? int.MaxValue, request.MaxTokens / 3);
        if (room < LeastThinking)
        {
            return null;
        }

        var signature = Signature(digest);
        return redacted
            ? new RedactedReply(signature)
            : new ThinkingReply(ReplyLimits.Beginning(PlainAnswer.Thinking(request), room), signature, request.Thinking.WithText);
    }

    // Of itself the emulator calls a tool only when the user's last text asks for it by name, and never twice in a row.
    private static Tool? Called(MessageRequest request)
    {
        var choice = request.ToolChoice;
        if (request.Tools.Count == 0 || choice.Type == "none")
        {
            return null;
        }

        if (choice.Forces)
        {
            return choice.Name is null ? request.Tools[0] : request.Tools.First(tool => tool.Name == choice.Name);
        }

        var asked = request.Conversation.LastUserText;
        return request.Conversation.LastToolResult is not null || request.Conversation.Prefill is not null
            ? null
            : request.Tools.Cast<Tool?>().FirstOrDefault(tool => AsksFor(asked, tool!.Value.Name));
    }

    private static bool AsksFor(string text, string name) =>
        text.Contains($"`{name}`", StringComparison.Ordinal)
        || new[] { "use ", "call ", "run ", "tool ", "use the ", "call the ", "run the " }.Any(verb => Names(text, verb + name));

    private static bool Names(string text, string phrase)
    {
        var at = text.IndexOf(phrase, StringComparison.OrdinalIgnoreCase);
        var end = at + phrase.Length;
        return at >= 0 && (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-'));
    }

    private static string Subject(string asked) => asked.Length == 0 ? "emulated" : ReplyLimits.Beginning(asked, tokens: 16).Trim();
}
