using System.IO.Hashing;
using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>
/// The head of a conversation as it is sent: the text that all requests had so far, in the order of the first. What a later request lacks
/// leaves its place for good once that is no accident, and what it has beside goes behind the history.
/// </summary>
internal sealed partial class HeadMemory
{
    private const double Doubt = 1.2;

    private List<HeadBlock> blocks = [];
    private Dictionary<UInt128, List<HeadUnit>> byText = [];
    private Dictionary<UInt128, HeadUnit> bySentence = [];
    private Dictionary<long, (UInt128 Text, int Requests, int Versions)> versions = [];
    private long nextParagraph;
    private int bytes;

    private HeadMemory()
    {
    }

    /// <summary>Number of the last request.</summary>
    public long Request { get; set; }

    /// <summary>Tokens of what stays in its place.</summary>
    public int TokensInPlace { get; private set; }

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => bytes + Leads.Bytes;

    /// <summary>Where its blocks may be cut.</summary>
    public StableLeads Leads { get; private set; } = new();

    /// <summary>The blocks in their order.</summary>
    public List<HeadBlock> Blocks => blocks;

    /// <summary>How long text lives that came late, in requests, and how much of it was seen go.</summary>
    public (double Requests, double Gone) Lives { get; set; } = (6, 1);

    /// <summary>How many requests text that came late is reckoned to stay; more than it did so far, so that what is gained by carrying it is no near thing.</summary>
    public double ExpectedLife => Doubt * Lives.Requests / Lives.Gone;

    /// <summary>Remembers the head of a conversation's first request: all of it in its place.</summary>
    public static HeadMemory Of(HeadRequest request, Prompt prompt)
    {
        var head = new HeadMemory();
        var last = -1;
        for (var i = 0; i < request.Parts.Count; i++)
        {
            var part = request.Parts[i];
            if (part.Block != last)
            {
                head.blocks.Add(request.NewBlock(part, prompt));
                last = part.Block;
            }

            head.Add(head.blocks[^1], head.blocks[^1].Units.Count, request.NewUnit(i, 0));
        }

        return head;
    }

    /// <summary>A copy that learns by itself.</summary>
    public HeadMemory Copy()
    {
        var copies = new Dictionary<HeadUnit, HeadUnit>();
        HeadUnit CopyOf(HeadUnit unit) => CollectionsMarshal.GetValueRefOrAddDefault(copies, unit, out _) ??= unit.Copy();

        var copy = (HeadMemory)MemberwiseClone();
        copy.blocks = [.. blocks.Select(block => block.Copy(CopyOf))];
        copy.byText = byText.ToDictionary(static same => same.Key, same => same.Value.ConvertAll(CopyOf));
        copy.bySentence = bySentence.ToDictionary(static sentence => sentence.Key, sentence => CopyOf(sentence.Value));
        copy.versions = new Dictionary<long, (UInt128 Text, int Requests, int Versions)>(versions);
        copy.Leads = Leads.Copy();
        return copy;
    }

    /// <summary>Whether some unit says this.</summary>
    public bool Knows(UInt128 text) => byText.ContainsKey(text);

    /// <summary>Whether some paragraph has this sentence, or had it when it was remembered.</summary>
    public bool KnowsSentence(UInt128 text) => bySentence.ContainsKey(text) || byText.ContainsKey(text);

    /// <summary>A unit that says this and that the request at hand has not used; units in their place first.</summary>
    public HeadUnit? Find(UInt128 text)
    {
        if (!byText.TryGetValue(text, out var units))
        {
            return null;
        }

        HeadUnit? carried = null;
        foreach (var unit in units)
        {
            if (unit.Seen != Request && unit.InPlace)
            {
                return unit;
            }

            carried ??= unit.Seen != Request ? unit : null;
        }

        return carried;
    }

    /// <summary>The paragraph that a sentence belongs to, or null.</summary>
    public HeadUnit? ParagraphOf(UInt128 sentence) => bySentence.GetValueOrDefault(sentence);

    /// <summary>Counts the requests in a row that had the same version of a paragraph that changes, and the changes.</summary>
    public (int Requests, int Versions) CountVersion(long paragraph, UInt128 text)
    {
        var (last, requests, seen) = versions.GetValueOrDefault(paragraph);
        var isSame = last == text;
        versions[paragraph] = (text, isSame ? requests + 1 : 1, isSame ? seen : seen + 1);
        return (versions[paragraph].Requests, versions[paragraph].Versions);
    }

    /// <summary>Puts a unit into a block.</summary>
    public void Add(HeadBlock block, int at, HeadUnit unit)
    {
        block.Units.Insert(at, unit);
        (CollectionsMarshal.GetValueRefOrAddDefault(byText, unit.Hash, out _) ??= []).Add(unit);
        unit.Seen = Request;
        bytes += unit.Bytes;
        TokensInPlace += unit.InPlace ? unit.Tokens : 0;
        if (unit.IsElement || unit.Paragraph != 0)
        {
            return;
        }

        foreach (var sentence in SentencesOf(unit))
        {
            bySentence[XxHash128.HashToUInt128(sentence.Text.Of(unit.Text))] = unit;
            bytes += 48;
        }
    }

    /// <summary>Takes a unit out of its place for good, to be carried behind the history whenever the front end sends it.</summary>
    public void Carry(HeadUnit unit)
    {
        TokensInPlace -= unit.InPlace ? unit.Tokens : 0;
        unit.InPlace = false;
    }

    /// <summary>Puts a unit back to its place.</summary>
    public void Place(HeadUnit unit)
    {
        TokensInPlace += unit.InPlace ? 0 : unit.Tokens;
        unit.InPlace = true;
    }

    /// <summary>Cuts a paragraph that changed in part into its sentences.</summary>
    public long CutToSentences(HeadBlock block, HeadUnit paragraph)
    {
        var at = block.Units.IndexOf(paragraph);
        Forget(block, paragraph);
        var ordinal = 0;
        nextParagraph++;
        foreach (var sentence in SentencesOf(paragraph))
        {
            var gap = sentence.Text.End == paragraph.Text.Length ? paragraph.Gap : sentence.Gap.Of(paragraph.Text).ToArray();
            var unit = new HeadUnit
            {
                Hash = XxHash128.HashToUInt128(sentence.Text.Of(paragraph.Text)),
                Text = sentence.Text.Of(paragraph.Text).ToArray(),
                Gap = gap,
                Tokens = ByteTokenCounter.OfBytes(sentence.Text.Length),
                Paragraph = nextParagraph,
                ParagraphGap = paragraph.Gap,
                EndsBlock = paragraph.EndsBlock && sentence.Text.End == paragraph.Text.Length,
                Born = paragraph.Born,
                Ordinal = ordinal,
                InPlace = paragraph.InPlace,
            };
            Add(block, at + ordinal++, unit);
            unit.Seen = paragraph.Seen;
        }

        return nextParagraph;
    }

    /// <summary>The block that a unit is in, or null where it is forgotten.</summary>
    public HeadBlock? BlockOf(HeadUnit unit)
    {
        foreach (var block in blocks)
        {
            if (block.Units.Contains(unit))
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Forgets a unit.</summary>
    public void Forget(HeadBlock block, HeadUnit unit)
    {
        block.Units.Remove(unit);
        bytes -= unit.Bytes;
        TokensInPlace -= unit.InPlace ? unit.Tokens : 0;
        if (byText.TryGetValue(unit.Hash, out var same))
        {
            same.Remove(unit);
            if (same.Count == 0)
            {
                byText.Remove(unit.Hash);
            }
        }
    }

    private static List<TextUnit> SentencesOf(HeadUnit unit)
    {
        var sentences = new List<TextUnit>();
        TextCutter.Sentences(unit.Text, new TextUnit(new(0, unit.Text.Length), new(unit.Text.Length, unit.Text.Length)), sentences);
        return sentences;
    }
}
