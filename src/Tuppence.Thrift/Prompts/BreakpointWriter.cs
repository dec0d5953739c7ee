using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>Writes breakpoints into a request: adds, moves and removes <c>cache_control</c> and leaves every other byte as it is.</summary>
public static class BreakpointWriter
{
    private static readonly byte[] FiveMinutes = ",\"cache_control\":{\"type\":\"ephemeral\"}"u8.ToArray();
    private static readonly byte[] OneHour = ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}"u8.ToArray();
    private static readonly byte[] StringHead = "[{\"type\":\"text\",\"text\":"u8.ToArray();
    private static readonly byte[] StringFiveMinutes = [.. FiveMinutes, .. "}]"u8];
    private static readonly byte[] StringOneHour = [.. OneHour, .. "}]"u8];

    /// <summary>Notes what has to change so that just <paramref name="breakpoints"/> stand on the prompt's blocks.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="breakpoints">The breakpoints, in the order of their blocks.</param>
    /// <param name="splices">Takes the changes; they are on the bytes of the prompt's body.</param>
    /// <remarks>The <c>cache_control</c> of a block inside a block always goes: it counts towards the limit, and stands where none is wanted.</remarks>
    /// <param name="keepsAutomatic">Whether a <c>cache_control</c> at the top level stays.</param>
    public static void Write(Prompt prompt, ReadOnlySpan<Breakpoint> breakpoints, Splices splices, bool keepsAutomatic = false)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentNullException.ThrowIfNull(splices);
        var json = prompt.Body.Bytes.Span;
        if (!keepsAutomatic && prompt.Body.TryFind("cache_control"u8, out var automatic))
        {
            splices.Remove(CacheControlMember.Range(json, automatic.Value));
        }

        foreach (var nested in prompt.Body.NestedCacheControls)
        {
            splices.Remove(CacheControlMember.Range(json, nested));
        }

        var next = 0;
        var standing = prompt.Breakpoints;
        for (var i = 0; i < prompt.Blocks.Length; i++)
        {
            ref readonly var block = ref prompt.Blocks[i];
            Breakpoint? wanted = next < breakpoints.Length && breakpoints[next].Block == i ? breakpoints[next++] : null;
            Breakpoint? has = null;
            if (!standing.IsEmpty && standing[0].Block == i)
            {
                has = standing[0];
                standing = standing[1..];
            }

            if (wanted == has && (has is not null || block.CacheControl.IsEmpty))
            {
                continue;
            }

            if (!block.CacheControl.IsEmpty)
            {
                splices.Remove(CacheControlMember.Range(json, block.CacheControl));
            }

            if (wanted is { } breakpoint)
            {
                Add(block, breakpoint.Ttl == Ttl.OneHour, splices);
            }
        }
    }

    private static void Add(in PromptBlock block, bool forAnHour, Splices splices)
    {
        if (block.IsString)
        {
            splices.Insert(block.Range.Start, StringHead);
            splices.Insert(block.Range.End, forAnHour ? StringOneHour : StringFiveMinutes);
            return;
        }

        splices.Insert(block.Range.End - 1, forAnHour ? OneHour : FiveMinutes);
    }
}
