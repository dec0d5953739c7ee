using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>Reads the body of a Messages request into a <see cref="Prompt"/>: one pass for the syntax, one for the hashes, no copy.</summary>
/// <param name="tokens">Counts tokens.</param>
/// <param name="models">Knows which effort each model has by itself.</param>
/// <param name="effortCounts">Whether another effort makes other messages, as the documents say.</param>
public sealed class PromptReader(ITokenCounter tokens, ModelTable models, bool effortCounts = true)
{
    [ThreadStatic]
    private static XxHash128? spare;

    /// <summary>Reads. False where the body is no JSON object that the API would take for a Messages request.</summary>
    /// <param name="bytes">UTF-8. Kept, not copied: it must not change while the prompt is in use.</param>
    /// <param name="prompt">Is overwritten.</param>
    /// <param name="maxDepth">Deepest nesting, 1 to 1024.</param>
    public bool TryRead(ReadOnlyMemory<byte> bytes, Prompt prompt, int maxDepth = MessageBody.DefaultMaxDepth)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (!TryIndex(bytes, prompt, maxDepth))
        {
            return false;
        }

        Fill(prompt);
        return true;
    }

    /// <summary>The first pass alone: syntax and model. False as in <see cref="TryRead"/>.</summary>
    internal static bool TryIndex(ReadOnlyMemory<byte> bytes, Prompt prompt, int maxDepth = MessageBody.DefaultMaxDepth)
    {
        prompt.BlockList.Clear();
        prompt.BreakpointList.Clear();
        if (prompt.Body.Read(bytes, maxDepth) is not null)
        {
            return false;
        }

        var model = ValueOf(prompt.Body, bytes.Span, "model"u8);
        prompt.Model = model.Length > 2 && model[0] == '"' ? JsonText.Decode(model) : "";
        prompt.Root = XxHash128.HashToUInt128(model);
        return true;
    }

    /// <summary>The second pass alone: the blocks of a prompt that has been through <see cref="TryIndex"/>.</summary>
    internal void Fill(Prompt prompt)
    {
        var body = prompt.Body;
        var json = body.Bytes.Span;
        prompt.IsExact = tokens.IsExact;
        prompt.Automatic = ValueOf(body, json, "cache_control"u8) is { IsEmpty: false } automatic && automatic[0] == '{' ? TtlOf(automatic) : null;
        new Pass(tokens, models, effortCounts, prompt, json).Run();
    }

    private static ReadOnlySpan<byte> ValueOf(MessageBody body, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) =>
        body.TryFind(name, out var member) ? member.Value.Of(json) : default;

    private static Ttl TtlOf(ReadOnlySpan<byte> cacheControl) =>
        JsonText.TryMember(cacheControl, "ttl"u8, out var ttl) && JsonText.Means(ttl, "1h"u8) ? Ttl.OneHour : Ttl.FiveMinutes;

    /// <summary>The walk over one body.</summary>
    private ref struct Pass(ITokenCounter tokens, ModelTable models, bool effortCounts, Prompt prompt, ReadOnlySpan<byte> json)
    {
        private readonly ReadOnlySpan<byte> json = json;
        private UInt128 prefix = prompt.Root;
        private int endTokens;
        private int position = -1;

        public void Run()
        {
            var body = prompt.Body;
            foreach (ref readonly var tool in body.Tools)
            {
                Add(tool, BlockKind.Tool, PromptSection.Tools, -1, MessageRole.System, begins: false);
            }

            // speed changes the rendering from the system prompt on
            Mix(ValueOf(body, json, "speed"u8));
            if (body.SystemBlocks.IsEmpty && body.TryFind("system"u8, out var system) && json[system.Value.Start] == '"')
            {
                AddString(system.Value, PromptSection.System, -1, MessageRole.System);
            }

            foreach (ref readonly var block in body.SystemBlocks)
            {
                Add(block, KindOf(block), PromptSection.System, -1, MessageRole.System, begins: false);
            }

            prompt.Settings = MessageSettings.Hash(body, json, prompt.Model, models, effortCounts);
            prefix = Chain(prefix, prompt.Settings);
            for (var i = 0; i < body.Messages.Length; i++)
            {
                ref readonly var message = ref body.Messages[i];
                if (message.BlockCount == 0 && !message.Content.IsEmpty && json[message.Content.Start] == '"')
                {
                    AddString(message.Content, PromptSection.Messages, i, message.Role);
                }

                var begins = true;
                foreach (ref readonly var block in body.BlocksOf(message))
                {
                    Add(block, KindOf(block), PromptSection.Messages, i, message.Role, begins);
                    begins = false;
                }
            }
        }

        private readonly BlockKind KindOf(in BodyBlock block) => BlockKinds.Of(block.Type.Of(json));

        private void AddString(ByteRange text, PromptSection section, int message, MessageRole role) =>
            Push(BlockKind.Text, section, message, role, section == PromptSection.Messages, text, text, default, XxHash128.HashToUInt128(text.Of(json)), text.Of(json), 0, isString: true);

        private void Add(in BodyBlock block, BlockKind kind, PromptSection section, int message, MessageRole role, bool begins)
        {
            var marked = block.CacheControl.IsEmpty ? default : CacheControlMember.Range(json, block);
            var isText = kind == BlockKind.Text && !block.Text.IsEmpty;
            var hash = isText ? TextHash(block, marked) : HashWithout(block.Range, marked);
            var counted = isText ? block.Text : block.Range;
            Push(kind, section, message, role, begins, block.Range, isText ? block.Text : default, block.CacheControl, hash, counted.Of(json), isText ? 0 : Uncounted(block.Range, marked), isString: false);
        }

        // A text is the same whether it stands in a string or a block; whatever else the block says (citations) counts.
        private readonly UInt128 TextHash(in BodyBlock block, ByteRange marked)
        {
            var text = XxHash128.HashToUInt128(block.Text.Of(json));
            return !TextBlock.TryBeside(json, block.Range, block.Text, marked, stackalloc byte[TextBlock.Room], out var beside) ? Chain(text, HashWithout(block.Range, marked))
                : TextBlock.IsFrame(beside) ? text
                : Chain(text, XxHash128.HashToUInt128(beside));
        }

        // What is left must hash as if no cache_control had ever been there.
        private readonly UInt128 HashWithout(ByteRange range, ByteRange cut)
        {
            if (cut.IsEmpty && prompt.Body.NestedCacheControls.IsEmpty)
            {
                return XxHash128.HashToUInt128(range.Of(json));
            }

            var hasher = spare ??= new XxHash128();
            var at = range.Start;
            while (true)
            {
                var next = NextCut(at, range.End, cut);
                hasher.Append(json[at..next.Start]);
                if (next.IsEmpty)
                {
                    break;
                }

                at = next.End;
            }

            var hash = hasher.GetCurrentHashAsUInt128();
            hasher.Reset();
            return hash;
        }

        /// <summary>The first member cache_control from a place on; an empty range at the end where there is none.</summary>
        private readonly ByteRange NextCut(int from, int end, ByteRange own)
        {
            var first = !own.IsEmpty && own.Start >= from ? own : new ByteRange(end, end);
            foreach (var value in prompt.Body.NestedCacheControls)
            {
                if (value.Start < from || value.Start >= first.Start)
                {
                    continue;
                }

                var member = CacheControlMember.Range(json, value);
                first = member.Start >= from ? member : new ByteRange(Math.Min(from, end), Math.Max(from, member.End));
            }

            return first;
        }

        private readonly int Uncounted(ByteRange range, ByteRange own)
        {
            var bytes = own.Length;
            foreach (var value in prompt.Body.NestedCacheControls)
            {
                bytes += value.Start >= range.Start && value.End <= range.End ? CacheControlMember.Range(json, value).Length : 0;
            }

            return bytes;
        }

        private void Push(
            BlockKind kind, PromptSection section, int message, MessageRole role, bool begins, ByteRange range, ByteRange text, ByteRange cacheControl,
            UInt128 content, ReadOnlySpan<byte> counted, int uncounted, bool isString)
        {
            var hash = Chain(content, (UInt128)(((ulong)kind << 16) | ((ulong)section << 8) | ((ulong)role << 1) | (begins ? 1u : 0u)));
            prefix = Chain(prefix, hash);
            var count = tokens.Count(kind, counted, uncounted, begins);
            endTokens += count;
            var blocks = prompt.Blocks;
            var joins = kind is BlockKind.ToolUse or BlockKind.ToolResult && !begins && blocks.Length > 0 && blocks[^1].Kind == kind && blocks[^1].Message == message;
            position += joins ? 0 : 1;
            var isMarkable = kind != BlockKind.Thinking && (kind != BlockKind.Text || !JsonText.IsBlank(text.Of(json)));
            if (!cacheControl.IsEmpty && json[cacheControl.Start] == '{')
            {
                prompt.BreakpointList.Add(new Breakpoint(blocks.Length, TtlOf(cacheControl.Of(json))));
            }

            prompt.BlockList.Add(new PromptBlock
            {
                Hash = hash,
                Prefix = prefix,
                Tokens = count,
                EndTokens = endTokens,
                Kind = kind,
                Section = section,
                Message = message,
                Role = role,
                Position = position,
                Range = range,
                Text = text,
                CacheControl = cacheControl,
                IsString = isString,
                IsMarkable = isMarkable,
            });
        }

        private void Mix(ReadOnlySpan<byte> value)
        {
            if (!value.IsEmpty)
            {
                prefix = Chain(prefix, XxHash128.HashToUInt128(value));
            }
        }
    }

    /// <summary>One hash of two.</summary>
    internal static UInt128 Chain(UInt128 first, UInt128 second)
    {
        ReadOnlySpan<UInt128> both = [first, second];
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(both));
    }
}
