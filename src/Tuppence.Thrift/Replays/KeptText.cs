using System.Text;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Replays;

/// <summary>Compares the text of planned requests with that of the originals, sentence by sentence.</summary>
/// <remarks>Sentences end with a full stop, question or exclamation mark before white space, or with the line. Where they stand does not matter.</remarks>
internal sealed class KeptText
{
    private readonly Dictionary<UInt128, string[]> sentencesOf = [];
    private readonly Dictionary<string, int> missing = new(StringComparer.Ordinal);

    /// <summary>Compares one request.</summary>
    /// <returns>Share of the original's sentences that are there, and bytes that are new for each byte of the original.</returns>
    public (double Kept, double Added) Compare(Prompt original, Prompt planned)
    {
        if (IsSame(original.Blocks, planned.Blocks))
        {
            return (1, 0);
        }

        missing.Clear();
        var (sentences, length) = (0, 0L);
        foreach (ref readonly var block in original.Blocks)
        {
            foreach (var sentence in SentencesOf(original, block))
            {
                missing[sentence] = missing.GetValueOrDefault(sentence) + 1;
                sentences++;
                length += sentence.Length;
            }
        }

        var added = 0L;
        foreach (ref readonly var block in planned.Blocks)
        {
            foreach (var sentence in SentencesOf(planned, block))
            {
                if (missing.GetValueOrDefault(sentence) is > 0 and var count)
                {
                    missing[sentence] = count - 1;
                }
                else
                {
                    added += sentence.Length;
                }
            }
        }

        var (lost, lostLength) = Lost(planned);
        // A sentence that was cut in two is not new.
        return (sentences == 0 ? 1 : 1 - ((double)lost / sentences), length == 0 ? 0 : Math.Max(0, added - lostLength) / (double)length);
    }

    private static bool IsSame(ReadOnlySpan<PromptBlock> first, ReadOnlySpan<PromptBlock> second)
    {
        if (first.Length != second.Length)
        {
            return false;
        }

        for (var i = 0; i < first.Length; i++)
        {
            if (first[i].Prefix != second[i].Prefix)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Sentences that are nowhere, and the length of those that are there in parts of two blocks.</summary>
    private (int Count, long CutLength) Lost(Prompt planned)
    {
        var (count, cut) = (0, 0L);
        string? all = null;
        foreach (var (sentence, times) in missing)
        {
            if (times > 0)
            {
                all ??= AllText(planned);
                if (all.Contains(sentence, StringComparison.Ordinal))
                {
                    cut += (long)times * sentence.Length;
                }
                else
                {
                    count += times;
                }
            }
        }

        return (count, cut);
    }

    private string[] SentencesOf(Prompt prompt, in PromptBlock block)
    {
        if (!sentencesOf.TryGetValue(block.Hash, out var sentences))
        {
            sentencesOf[block.Hash] = sentences = block.Text.IsEmpty ? [] : Split(TextOf(prompt, block));
        }

        return sentences;
    }

    private static string[] Split(string text)
    {
        var sentences = new List<string>();
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] is '.' or '!' or '?' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1])))
            {
                Add(text[start..(i + 1)]);
                start = i + 1;
            }
        }

        Add(text[start..]);
        return [.. sentences];

        void Add(string sentence)
        {
            if (sentence.Trim() is { Length: > 0 } said)
            {
                sentences.Add(said);
            }
        }
    }

    private static string AllText(Prompt prompt)
    {
        var all = new StringBuilder();
        foreach (ref readonly var block in prompt.Blocks)
        {
            all.Append(block.Text.IsEmpty ? "" : TextOf(prompt, block));
        }

        return all.ToString();
    }

    private static string TextOf(Prompt prompt, in PromptBlock block) => JsonText.Decode(block.Text.Of(prompt.Body.Bytes.Span));
}
