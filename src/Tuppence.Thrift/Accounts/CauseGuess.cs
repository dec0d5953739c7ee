using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>Guesses why two requests part where they do.</summary>
/// <remarks>
/// The kinds of change that a chat front end makes: blocks that come or go, blocks that keep their distance from the end, the first messages
/// dropped, words replaced in place. Texts are looked at only where they are still remembered.
/// </remarks>
internal readonly ref struct CauseGuess(Comparison comparison, ReadOnlySpan<PromptBlock> later, RequestTraits traits, TextMemory texts, bool changedHereBefore)
{
    private readonly ReadOnlySpan<PromptBlock> later = later;

    public (BreakCause Cause, TextDiff? Diff) Guess()
    {
        var (at, path) = (comparison.Divergence, comparison.Path);
        if (comparison.Earlier.Traits.Model != traits.Model)
        {
            return (BreakCause.Model, null);
        }

        if (at >= path.Length || at >= later.Length)
        {
            return (at >= path.Length ? BreakCause.Nothing : BreakCause.Edit, null);
        }

        if (path[at].Content == later[at].Hash)
        {
            return (comparison.Earlier.Traits.ChangeTo(traits), null);
        }

        if (path[at].Section == PromptSection.Tools || later[at].Section == PromptSection.Tools)
        {
            return (BreakCause.Tools, Replaced(path[at].Content, later[at].Hash)?.Diff);
        }

        var newPlace = comparison.IndexInLater(later, path[at].Content);
        var oldPlace = comparison.IndexInEarlier(later[at].Hash);
        return path[at].Section == PromptSection.System || later[at].Section == PromptSection.System
            ? InSystem(newPlace, oldPlace)
            : InMessages(newPlace, oldPlace);
    }

    private (BreakCause Cause, TextDiff? Diff) InSystem(int newPlace, int oldPlace)
    {
        var (at, path) = (comparison.Divergence, comparison.Path);
        if ((LostFirstMessages() && (newPlace >= 0 || oldPlace >= 0)) || AreExamples(newPlace, oldPlace))
        {
            return (BreakCause.Truncation, newPlace >= 0 ? Whole(later[at].Hash, came: true) : Whole(path[at].Content, came: false));
        }

        if (IsAnotherCard())
        {
            return (BreakCause.Card, Replaced(path[at].Content, later[at].Hash)?.Diff);
        }

        if (newPlace >= 0 || oldPlace >= 0)
        {
            var came = newPlace >= 0;
            var content = came ? later[at].Hash : path[at].Content;
            return (LooksLikeSummary(content) ? BreakCause.Summary : BreakCause.Lore, Whole(content, came));
        }

        return InPlace(path[at].Content, later[at].Hash, inSystem: true);
    }

    private (BreakCause Cause, TextDiff? Diff) InMessages(int newPlace, int oldPlace)
    {
        var (at, path) = (comparison.Divergence, comparison.Path);
        if (oldPlace > at && newPlace < 0 && (at == 0 || path[at - 1].Section != PromptSection.Messages || IsNearFirstMessage(at)))
        {
            return (BreakCause.Truncation, Whole(path[at].Content, came: false));
        }

        if (newPlace > at)
        {
            // What stood there stands further back now: something at a fixed distance from the end, or something came before it.
            var (before, now) = (path[^1].Message - path[at].Message, later[^1].Message - later[newPlace].Message);
            return Math.Abs(before - now) <= 1 ? (BreakCause.Note, Whole(path[at].Content, came: false)) : (BreakCause.Edit, Whole(later[at].Hash, came: true));
        }

        if (oldPlace > at)
        {
            // What stood there is gone. In the same place from the end something unknown stands now: the note itself was changed.
            var cause = FromEnd(path[at], path[^1].Message) is var depth && HasUnknownAt(depth) ? BreakCause.Note : depth <= 8 ? BreakCause.Lore : BreakCause.Edit;
            return (cause, Whole(path[at].Content, came: false));
        }

        return InPlace(path[at].Content, later[at].Hash, inSystem: false);
    }

    private (BreakCause Cause, TextDiff? Diff) InPlace(UInt128 old, UInt128 now, bool inSystem)
    {
        var change = Replaced(old, now);
        if (change is null)
        {
            return (inSystem ? BreakCause.Lore : BreakCause.Edit, null);
        }

        if (ClockWords.Are(change.Removed, change.Added))
        {
            return (BreakCause.Clock, change.Diff);
        }

        if (inSystem && (LooksLikeSummary(old) || LooksLikeSummary(now)))
        {
            return (BreakCause.Summary, change.Diff);
        }

        return change.IsSmall
            ? (inSystem && changedHereBefore ? BreakCause.Random : BreakCause.Edit, change.Diff)
            : (inSystem ? BreakCause.Lore : BreakCause.Edit, change.Diff);
    }

    private TextChange? Replaced(UInt128 old, UInt128 now) =>
        texts.TryRead(old, out var before) && texts.TryRead(now, out var after) ? TextChange.Between(before, after) : null;

    private TextDiff? Whole(UInt128 content, bool came) => texts.TryRead(content, out var text) ? TextChange.Whole(text, came) : null;

    private bool LooksLikeSummary(UInt128 content) =>
        texts.TryRead(content, out var text) && text.AsSpan(0, Math.Min(text.Length, 60)).Contains("summary", StringComparison.OrdinalIgnoreCase);

    private bool LostFirstMessages()
    {
        var first = Array.FindIndex(comparison.Path, static node => node.Section == PromptSection.Messages);
        return first >= comparison.Divergence && comparison.IndexInLater(later, comparison.Path[first].Content) < 0 && AnyAgain(PromptSection.Messages);
    }

    /// <summary>Half of the system prompt or more is new, in two blocks or more, and the history goes on.</summary>
    private bool IsAnotherCard()
    {
        var (all, fresh, count) = (0, 0, 0);
        for (var i = 0; i < later.Length && later[i].Section != PromptSection.Messages; i++)
        {
            all += later[i].Tokens;
            if (i >= comparison.Divergence && !comparison.Again[i])
            {
                fresh += later[i].Tokens;
                count++;
            }
        }

        return count >= 2 && fresh * 2 >= all && AnyAgain(PromptSection.Messages);
    }

    /// <summary>Several blocks at once, right before the history or a last line that announces it: examples, which give way to messages and come back.</summary>
    private bool AreExamples(int newPlace, int oldPlace)
    {
        var at = comparison.Divergence;
        var path = comparison.Path;
        return newPlace - at >= 2
            ? newPlace + 1 >= later.Length || later[newPlace + 1].Section == PromptSection.Messages || later[newPlace].Section == PromptSection.Messages
            : oldPlace - at >= 2 && (oldPlace + 1 >= path.Length || path[oldPlace + 1].Section == PromptSection.Messages || path[oldPlace].Section == PromptSection.Messages);
    }

    private bool AnyAgain(PromptSection section)
    {
        for (var i = comparison.Divergence; i < later.Length; i++)
        {
            if (comparison.Again[i] && later[i].Section == section)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsNearFirstMessage(int at) => comparison.Path[at].Message <= 2;

    private bool HasUnknownAt(int depth)
    {
        for (var i = comparison.Divergence; i < later.Length; i++)
        {
            if (!comparison.Again[i] && later[^1].Message - later[i].Message == depth && depth > 1)
            {
                return true;
            }
        }

        return false;
    }

    private static int FromEnd(PrefixNode node, int last) => last - node.Message;
}
