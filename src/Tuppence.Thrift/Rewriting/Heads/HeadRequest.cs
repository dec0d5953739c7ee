using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>The head of a request: its system prompt, or where it has none the first message; cut into paragraphs.</summary>
internal sealed class HeadRequest
{
    private readonly List<TextUnit> units = [];
    private readonly List<TextUnit> sentences = [];

    /// <summary>A paragraph, or a block that is no plain text.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Part(int Block, UInt128 Hash, TextUnit Unit, int Tokens, bool IsElement);

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Json { get; private set; }

    /// <summary>The parts in their order.</summary>
    public List<Part> Parts { get; } = [];

    /// <summary>Index behind the last block of the head among the blocks of the prompt, and of the first.</summary>
    public (int First, int End) Blocks { get; private set; }

    /// <summary>The value that holds the head: <c>system</c>, or the content of the first message.</summary>
    public ByteRange Holder { get; private set; }

    /// <summary>The first message behind the head.</summary>
    public int FirstMessage { get; private set; }

    /// <summary>Tokens of all parts.</summary>
    public int Tokens { get; private set; }

    /// <summary>Reads the head of a prompt. False where there is none that can be rewritten.</summary>
    public bool Read(Prompt prompt)
    {
        Parts.Clear();
        Tokens = 0;
        var body = prompt.Body;
        Json = body.Bytes;
        var json = Json.Span;
        var blocks = prompt.Blocks;
        var first = 0;
        while (first < blocks.Length && blocks[first].Section == PromptSection.Tools)
        {
            first++;
        }

        if (first >= blocks.Length)
        {
            return false;
        }

        var isSystem = blocks[first].Section == PromptSection.System;
        var end = first;
        while (end < blocks.Length && blocks[end].Section == blocks[first].Section && (isSystem || blocks[end].Message == 0))
        {
            end++;
        }

        if (isSystem && body.TryFind("system"u8, out var system))
        {
            Holder = system.Value;
            FirstMessage = 0;
        }
        else if (!isSystem && blocks[first].Role == MessageRole.User && body.Messages.Length > 2)
        {
            Holder = body.Messages[0].Content;
            FirstMessage = 1;
        }
        else
        {
            return false;
        }

        Blocks = (first, end);
        for (var i = first; i < end; i++)
        {
            Add(json, blocks[i], i);
        }

        return Parts.Count > 0;
    }

    /// <summary>Hash of some bytes of the body.</summary>
    public UInt128 HashOf(ByteRange range) => XxHash128.HashToUInt128(range.Of(Json.Span));

    /// <summary>The sentences of a paragraph; the list is used again by the next call.</summary>
    public List<TextUnit> SentencesOf(TextUnit paragraph)
    {
        sentences.Clear();
        TextCutter.Sentences(Json.Span, paragraph, sentences);
        return sentences;
    }

    /// <summary>Tokens of a paragraph's sentences that a remembered head has.</summary>
    public int TokensKnownTo(HeadMemory head, in Part paragraph)
    {
        var known = 0;
        foreach (var sentence in SentencesOf(paragraph.Unit))
        {
            known += head.KnowsSentence(HashOf(sentence.Text)) ? ByteTokenCounter.OfBytes(sentence.Text.Length) : 0;
        }

        return known;
    }

    /// <summary>Tokens of a paragraph's sentences that a remembered head has not.</summary>
    public int TokensUnknownTo(HeadMemory head, in Part paragraph) => Math.Max(0, paragraph.Tokens - TokensKnownTo(head, paragraph));

    /// <summary>The block of a part, without units.</summary>
    public HeadBlock NewBlock(Part part, Prompt prompt)
    {
        var start = part.IsElement ? part.Unit.Text.Start : prompt.Blocks[part.Block].Text.Start + 1;
        return new HeadBlock { Lead = Json[start..part.Unit.Text.Start].ToArray() };
    }

    /// <summary>A part as a unit to be remembered.</summary>
    public HeadUnit NewUnit(int index, long born)
    {
        var part = Parts[index];
        return new HeadUnit
        {
            Hash = part.Hash,
            Text = part.Unit.Text.Of(Json.Span).ToArray(),
            Gap = part.Unit.Gap.Of(Json.Span).ToArray(),
            Tokens = part.Tokens,
            IsElement = part.IsElement,
            EndsBlock = index + 1 == Parts.Count || Parts[index + 1].Block != part.Block,
            Born = born,
        };
    }

    private void Add(ReadOnlySpan<byte> json, in PromptBlock block, int index)
    {
        if (!TextBlock.IsPlain(json, block))
        {
            var range = block.Range;
            Parts.Add(new Part(index, HashOf(range), new TextUnit(range, new ByteRange(range.End, range.End)), block.Tokens, true));
            Tokens += block.Tokens;
            return;
        }

        units.Clear();
        TextCutter.Paragraphs(json, new ByteRange(block.Text.Start + 1, block.Text.End - 1), units);
        foreach (var unit in units)
        {
            var tokens = ByteTokenCounter.OfBytes(unit.Text.Length);
            Parts.Add(new Part(index, HashOf(unit.Text), unit, tokens, false));
            Tokens += tokens;
        }
    }
}
