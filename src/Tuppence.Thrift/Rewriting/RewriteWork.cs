using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Heads;
using Tuppence.Thrift.Rewriting.Histories;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting;

/// <summary>The rewriting of one request. Kept for the next one, so that its arrays are used again.</summary>
internal sealed partial class RewriteWork(RewritingOptions options)
{
    private const int ExcerptBytes = 80;

    private readonly List<TailPiece> tail = [];
    private readonly List<HistoryMessage> held = [];
    private readonly List<ByteRange> elements = [];
    private readonly List<bool> removed = [];
    private readonly Splices splices = new();
    private readonly List<AppliedEdit> edits = [];
    private readonly List<RewriteStep> steps = [];
    private readonly Prompt after = new();
    private int heldOfHead;
    private int leftOut;
    private readonly PromptReader reader = new(options.Tokens, options.Models);

    /// <summary>The request.</summary>
    public Prompt Prompt { get; private set; } = new();

    /// <summary>Its head.</summary>
    public HeadRequest Head { get; } = new();

    /// <summary>Its history.</summary>
    public HistoryRequest History { get; } = new();

    /// <summary>Reads a request. False where it is not to be rewritten whatever came before.</summary>
    public bool Read(ReadOnlyMemory<byte> body)
    {
        origins = [];
        if (!reader.TryRead(body, Prompt) || Prompt.Body.Messages.Length == 0 || !Head.Read(Prompt))
        {
            return false;
        }

        History.Read(Prompt, Head.FirstMessage, options.Thinking == SignedThinking.Strip);
        return History.Blocks.Count > 0 && History.LastUser >= Head.FirstMessage && (!History.HasThinking || options.Thinking == SignedThinking.Strip);
    }

    /// <summary>Rewrites the request that was read, as one of a conversation; null where nothing changes.</summary>
    public Rewritten? Run(ChatMemory chat, in PlanContext context)
    {
        (heldOfHead, leftOut) = (0, 0);
        chat.Added.Begin();
        tail.Clear();
        splices.Clear();
        edits.Clear();
        steps.Clear();
        if (context.Level == CacheLevel.Split)
        {
            return Split(chat, context);
        }

        var relocates = context.Level is CacheLevel.Relocate or CacheLevel.RelocateWindow;
        var keeps = context.Level is CacheLevel.Window or CacheLevel.RelocateWindow;
        if (relocates)
        {
            PutMovedBack(chat, context);
        }

        var flickers = SettleHead(chat, context, relocates, keeps && chat.Window.IsAtLimit);
        SettleHistory(chat, relocates);
        if (keeps)
        {
            KeepWindow(chat, context, flickers);
        }

        TakeOut();

        if (heldOfHead > 0)
        {
            edits.Add(new AppliedEdit("cache-window", $"kept dropped blocks of the head ({heldOfHead} tokens)"));
        }

        if (tail.Count > 0)
        {
            HoldClocks(chat, context.At);
            foreach (var piece in tail)
            {
                Note("carried behind the history", piece.Block, piece.Tokens, piece.Text.Span);
            }

            Tail.Put(splices, Prompt, History.LastUser, Tail.Write(tail), context.TakesSystemMessages);
            edits.Insert(0, new AppliedEdit("cache-relocate", $"relocated {tail.Count} {(tail.Count == 1 ? "span" : "spans")} ({tail.Sum(static piece => piece.Tokens)} tokens)"));
        }

        return Finish(chat, context);
    }

    private Rewritten? Split(ChatMemory chat, in PlanContext context)
    {
        chat.Remember(History);
        var cuts = chat.Head.Leads.Cut(splices, Prompt, Head, context.MinTokens, (block, tokens, text) => Note("cut in two behind", block, tokens, text));
        edits.Add(new AppliedEdit("cache-split", $"split {cuts} {(cuts == 1 ? "block" : "blocks")}"));
        return Finish(chat, context);
    }

    private Rewritten? Finish(ChatMemory chat, in PlanContext context)
    {
        if (splices.IsEmpty && ReferenceEquals(AsItCame, Prompt))
        {
            chat.Courses.Add(Prompt, Prompt, context);
            return null;
        }

        var json = new byte[splices.OutputLength(Prompt.Body.Bytes.Length)];
        splices.CopyTo(Prompt.Body.Bytes.Span, json);
        reader.TryRead(json, after);
        return !chat.Courses.Add(AsItCame, after, context) ? null : new Rewritten(json, edits.ToArray()) { Steps = steps.ToArray() };
    }

    private bool SettleHead(ChatMemory chat, in PlanContext context, bool relocates, bool holds)
    {
        var head = chat.Head;
        var carried = new List<TailPiece>();
        var kept = chat.Kept(Prompt.Blocks[Head.Blocks.End - 1].EndTokens, History, context.Level == CacheLevel.RelocateWindow);
        new HeadSettlement(head, Head, Prompt, new HeadEconomy(Prompt, kept, History.LastUserTokens, context), relocates ? chat.Moved.HeadMemories : [], carried).Run(!relocates);
        var lacks = head.LacksBlocks();
        if (!relocates && !holds)
        {
            return lacks;
        }

        if (!relocates && (carried.Count > 0 || !head.MayHold(Prompt.Tokens, out heldOfHead)))
        {
            return lacks;
        }

        var texts = HeadRendition.Texts(head, holds: !relocates);
        if (texts.Count == 0)
        {
            return lacks;
        }

        if (!IsAsItCame(texts))
        {
            splices.Replace(Head.Holder, HeadRendition.Write(texts));
        }

        tail.AddRange(carried);
        return lacks;
    }

    private bool IsAsItCame(List<(byte[] Text, bool IsElement)> texts)
    {
        var (first, end) = Head.Blocks;
        if (texts.Count != end - first)
        {
            return false;
        }

        var json = Prompt.Body.Bytes.Span;
        for (var i = 0; i < texts.Count; i++)
        {
            ref readonly var block = ref Prompt.Blocks[first + i];
            var says = texts[i].IsElement ? block.Range.Of(json) : block.Text.IsEmpty ? default : block.Text.Of(json)[1..^1];
            if (!says.SequenceEqual(texts[i].Text))
            {
                return false;
            }
        }

        return true;
    }

    private void SettleHistory(ChatMemory chat, bool relocates)
    {
        chat.Remember(History);
        if (relocates)
        {
            chat.Wanderers.Mark(History, chat.Moved);
            chat.Moved.Remember(Prompt, History);
        }

        History.Gather(Prompt);
    }

    // Takes what wanders out of the history; a message of which nothing is left, or which is left out, goes whole.
    private void TakeOut()
    {
        var body = Prompt.Body;
        var emptied = new bool[body.Messages.Length];
        var any = false;
        for (var i = 0; i < History.Blocks.Count;)
        {
            var message = History.Blocks[i].Message;
            elements.Clear();
            removed.Clear();
            for (; i < History.Blocks.Count && History.Blocks[i].Message == message; i++)
            {
                var block = History.Blocks[i];
                ref readonly var said = ref Prompt.Blocks[block.Index];
                elements.Add(said.Range);
                removed.Add(History.Carried[i]);
                if (History.Carried[i] && said.Kind == BlockKind.Text)
                {
                    var text = body.Bytes[(said.Text.Start + 1)..(said.Text.End - 1)];
                    tail.Add(new TailPiece(text, default, block.Index, block.Tokens));
                }
            }

            emptied[message] = !removed.Contains(false) || (message < leftOut && message >= Head.FirstMessage);
            any |= emptied[message];
            if (!emptied[message] && removed.Contains(true))
            {
                RewriteDraft.Remove(splices, elements, removed);
            }
        }

        if (any)
        {
            elements.Clear();
            foreach (ref readonly var message in body.Messages)
            {
                elements.Add(message.Range);
            }

            RewriteDraft.Remove(splices, elements, [.. emptied]);
        }
    }

    private void Note(string what, int block, int tokens, ReadOnlySpan<byte> json)
    {
        var excerpt = JsonText.Decode((byte[])[(byte)'"', .. TextCutter.Beginning(json, ExcerptBytes), (byte)'"']);
        steps.Add(new RewriteStep(what, block >= 0 && block < origins.Length ? origins[block] : block, tokens, excerpt));
    }
}
