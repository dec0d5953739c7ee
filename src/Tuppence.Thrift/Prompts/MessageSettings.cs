using System.IO.Hashing;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>
/// Hashes what a request says beside its blocks and what is rendered into the prompt from the first message on: thinking (not how it is
/// shown), effort, task budget, tool choice and whether there is an image anywhere. Naming the model's own effort is naming none.
/// </summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "What invalidates the cache" (2026-08-21).</remarks>
internal static class MessageSettings
{
    private static ReadOnlySpan<byte> ImageType => "image"u8;

    public static UInt128 Hash(MessageBody body, ReadOnlySpan<byte> json, string model, ModelTable models, bool effortCounts)
    {
        UInt128 hash = HasImage(body, json) ? 1u : 0u;
        if (body.TryFind("thinking"u8, out var thinking))
        {
            hash = Mix(hash, thinking.Value.Of(json), "type"u8);
            hash = Mix(hash, thinking.Value.Of(json), "budget_tokens"u8);
        }

        if (body.TryFind("output_config"u8, out var output))
        {
            var config = output.Value.Of(json);
            if (effortCounts && JsonText.TryMember(config, "effort"u8, out var effort) && !IsDefault(effort, model, models))
            {
                hash = PromptReader.Chain(hash, XxHash128.HashToUInt128(effort));
            }

            hash = Mix(hash, config, "task_budget"u8);
        }

        return body.TryFind("tool_choice"u8, out var choice) ? PromptReader.Chain(hash, XxHash128.HashToUInt128(choice.Value.Of(json))) : hash;
    }

    private static UInt128 Mix(UInt128 hash, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        JsonText.TryMember(json, name, out var value) ? PromptReader.Chain(hash, XxHash128.HashToUInt128(value)) : hash;

    private static bool IsDefault(ReadOnlySpan<byte> effort, string model, ModelTable models) =>
        models.TryFind(model, out var row) && row.Thinking.DefaultEffort is { } usual && effort.Length == usual.Length + 2 && JsonText.Decode(effort) == usual;

    private static bool HasImage(MessageBody body, ReadOnlySpan<byte> json)
    {
        foreach (ref readonly var message in body.Messages)
        {
            foreach (ref readonly var block in body.BlocksOf(message))
            {
                if (JsonText.Means(block.Type.Of(json), ImageType))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
