using System.IO.Hashing;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Accounts;

/// <summary>What a request says beside its blocks and is rendered into the prompt all the same, so that a change can be named.</summary>
/// <param name="Model">The model.</param>
/// <param name="Thinking">Hash of <c>thinking.type</c> and <c>budget_tokens</c>; 0 where there is none.</param>
/// <param name="Effort">Hash of <c>output_config.effort</c>; 0 where there is none.</param>
/// <param name="ToolChoice">Hash of <c>tool_choice</c>; 0 where there is none.</param>
internal readonly record struct RequestTraits(string Model, ulong Thinking, ulong Effort, ulong ToolChoice)
{
    public static RequestTraits Of(Prompts.Prompt prompt)
    {
        var json = prompt.Body.Bytes.Span;
        var thinking = 0UL;
        if (Find(prompt.Body, json, "thinking"u8, out var mode))
        {
            thinking = Hash(mode, "type"u8) ^ ulong.RotateLeft(Hash(mode, "budget_tokens"u8), 1);
        }

        var effort = Find(prompt.Body, json, "output_config"u8, out var output) ? Hash(output, "effort"u8) : 0;
        var choice = Find(prompt.Body, json, "tool_choice"u8, out var value) ? XxHash3.HashToUInt64(value) : 0;
        return new RequestTraits(prompt.Model, thinking, effort, choice);
    }

    /// <summary>Names the change between two requests whose blocks are alike.</summary>
    public BreakCause ChangeTo(in RequestTraits later) =>
        Model != later.Model ? BreakCause.Model
        : Thinking != later.Thinking ? BreakCause.Thinking
        : Effort != later.Effort ? BreakCause.Effort
        : ToolChoice != later.ToolChoice ? BreakCause.Tools
        : BreakCause.Settings;

    private static bool Find(MessageBody body, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = body.TryFind(name, out var member) ? member.Value.Of(json) : default;
        return !value.IsEmpty;
    }

    private static ulong Hash(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        JsonText.TryMember(json, name, out var value) ? XxHash3.HashToUInt64(value) : 0;
}
