using System.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Applies a <see cref="Preset"/>.</summary>
/// <remarks>
/// The suffix goes behind the last user message that is not made of tool results alone, and so before a prefill. Behind tool
/// results it would change what stands before the thinking that the model signed in the same turn, and newer models refuse that
/// (https://platform.claude.com/docs/en/build-with-claude/preserved-thinking). The API takes user messages in a row.
/// </remarks>
public sealed class PresetEdit(Preset preset) : IEdit
{
    private static readonly byte[] ModelMember = "model"u8.ToArray();

    private readonly byte[]? model = preset.Model is null ? null : JsonText.Quote(preset.Model);

    /// <inheritdoc/>
    public string Name { get; } = "preset:" + preset.Name;

    /// <inheritdoc/>
    public void Apply(EditDraft draft)
    {
        draft.IsDirected = true;
        var done = new StringBuilder();
        if (model is not null && draft.Model != preset.Model)
        {
            draft.Set(ModelMember, model);
            Note(done, "model");
        }

        ApplyMembers(draft, done);
        if (preset.System is { } system && !EndsWith(draft, system))
        {
            draft.AppendSystem(Name, system);
            Note(done, "system");
        }

        ApplySuffix(draft, done);
        foreach (var header in preset.Headers)
        {
            draft.AddHeader(header);
            Note(done, header.Name);
        }

        if (done.Length > 0)
        {
            draft.Report(Name, done.ToString());
        }
    }

    private void ApplyMembers(EditDraft draft, StringBuilder done)
    {
        // Judged before anything is set: a preset may give both halves of the choice between temperature and top_p.
        var choseSampling = draft.TryGet("temperature"u8, out _) || draft.TryGet("top_p"u8, out _);
        foreach (var member in preset.Members)
        {
            if (draft.Context.CountsTokens && !IsCounted(member.Name))
            {
                continue;
            }

            var present = draft.TryGet(member.NameBytes.Span, out var value);
            var applies = member.Overrides
                ? !value.SequenceEqual(member.Value.Bytes.Span)
                : !present && !(choseSampling && member.Name is "temperature" or "top_p");
            if (applies)
            {
                draft.Set(member.NameBytes, member.Value);
                Note(done, member.Name);
            }
        }
    }

    /// <summary>Source: https://platform.claude.com/docs/en/api/messages-count-tokens (2026-08-22); others are “Extra inputs”.</summary>
    private static bool IsCounted(string member) => member is "tools" or "tool_choice" or "thinking" or "output_config" or "mcp_servers" or "context_management";

    private void ApplySuffix(EditDraft draft, StringBuilder done)
    {
        var thinking = draft.IsThinking;
        var suffix = thinking ? preset.ThinkingSuffix : preset.Suffix;
        if (suffix.IsEmpty)
        {
            return;
        }

        var bytes = draft.Body.Bytes.Span;
        if (!draft.Body.TryFind("messages"u8, out var member) || bytes[member.Value.Start] != '[')
        {
            draft.Fail(Name, member.Value.Start, "\"messages\" must be an array, for a suffix to be put in");
            return;
        }

        // It is there already as the last message, or before a prefill that was made a user message.
        var behind = LastSaid(draft.Body);
        if (!IsThere(draft.Body, behind, suffix.Span[1..]))
        {
            draft.InsertMessage(behind, suffix);
            Note(done, thinking && !preset.ThinkingSuffix.Equals(preset.Suffix) ? "suffixEt" : "suffix");
        }
    }

    /// <summary>Index of the message that the suffix follows: what the user said last, else the last message, else -1.</summary>
    private static int LastSaid(MessageBody body)
    {
        var messages = body.Messages;
        var lastOfUser = -1;
        for (var i = messages.Length - 1; i >= 0; i--)
        {
            if (messages[i].Role != MessageRole.User)
            {
                continue;
            }

            lastOfUser = lastOfUser < 0 ? i : lastOfUser;
            if (!IsToolResults(body, messages[i]))
            {
                return i;
            }
        }

        return lastOfUser >= 0 ? lastOfUser : messages.Length - 1;
    }

    /// <summary>Whether a message is the one at an index, or the user's last before it.</summary>
    private static bool IsThere(MessageBody body, int index, ReadOnlySpan<byte> message)
    {
        var users = 0;
        for (var i = index; i >= 0 && users < 2; i--)
        {
            if (body.Messages[i].Role == MessageRole.User)
            {
                users++;
                if (body.Messages[i].Range.Of(body.Bytes.Span).SequenceEqual(message))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsToolResults(MessageBody body, in BodyMessage message)
    {
        foreach (ref readonly var block in body.BlocksOf(message))
        {
            if (!JsonText.Means(block.Type.Of(body.Bytes.Span), "tool_result"u8))
            {
                return false;
            }
        }

        return message.BlockCount > 0;
    }

    /// <summary>Whether the client's system blocks end with the preset's already.</summary>
    private static bool EndsWith(EditDraft draft, Snippet system)
    {
        var blocks = draft.Body.SystemBlocks;
        if (blocks.IsEmpty)
        {
            return false;
        }

        var upToEnd = draft.Body.Bytes.Span[blocks[0].Range.Start..blocks[^1].Range.End];
        return upToEnd.EndsWith(system.Bytes.Span) || upToEnd.EndsWith(system.WithoutTtl.Span);
    }

    private static void Note(StringBuilder done, string what) => done.Append(done.Length == 0 ? "" : ", ").Append(what);
}
