using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>Makes the splices for the top-level members that edits have set or removed.</summary>
internal static class TopLevelWriter
{
    private static readonly byte[] CommaQuote = ",\""u8.ToArray();
    private static readonly byte[] QuoteColon = "\":"u8.ToArray();

    public static void Write(EditDraft draft)
    {
        var overlays = draft.Overlays;
        if (overlays.IsEmpty)
        {
            return;
        }

        var bytes = draft.Body.Bytes.Span;
        var members = draft.Body.Members;
        var removal = new MemberRemoval();
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[i];
            var index = IndexOf(overlays, member.Name.Of(bytes));

            // Of several members of one name the last holds the value; with an edit the others go, so that no parser can differ.
            var remove = index >= 0 && (overlays[index].Value is null || IsRepeated(members[(i + 1)..], bytes, overlays[index]));
            if (removal.Visit(member.Name.Start, member.Value.End, remove, out var cut))
            {
                draft.Splices.Remove(cut);
            }

            if (index >= 0 && !remove)
            {
                draft.Splices.Replace(member.Value, draft.BytesOf(overlays[index].Value!));
            }
        }

        if (removal.Finish(out var last))
        {
            draft.Splices.Remove(last);
        }

        var comma = removal.KeptAny;
        foreach (var overlay in overlays)
        {
            if (overlay.Value is not null && !draft.Body.TryFind(overlay.Name.Span, out _))
            {
                Add(draft, overlay.Name, draft.BytesOf(overlay.Value), ref comma);
            }
        }
    }

    /// <summary>Adds a member behind the last one.</summary>
    private static void Add(EditDraft draft, ReadOnlyMemory<byte> name, ReadOnlyMemory<byte> value, ref bool comma)
    {
        var members = draft.Body.Members;
        var at = members.IsEmpty ? draft.Body.Root.Start + 1 : members[^1].Value.End;
        draft.Splices.Insert(at, comma ? CommaQuote : CommaQuote.AsMemory(1));
        draft.Splices.Insert(at, name);
        draft.Splices.Insert(at, QuoteColon);
        draft.Splices.Insert(at, value);
        comma = true;
    }

    private static int IndexOf(ReadOnlySpan<Overlay> overlays, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < overlays.Length; i++)
        {
            if (JsonText.Means(name, overlays[i].Name.Span))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsRepeated(ReadOnlySpan<BodyMember> later, ReadOnlySpan<byte> bytes, in Overlay overlay)
    {
        foreach (ref readonly var member in later)
        {
            if (JsonText.Means(member.Name.Of(bytes), overlay.Name.Span))
            {
                return true;
            }
        }

        return false;
    }
}
