using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>A baseline by its name.</summary>
/// <param name="Name">As the tables show it.</param>
/// <param name="Begin">Makes one for a conversation.</param>
/// <remarks>Sources of the rules: the programs' documentation and source, read in 2026.</remarks>
public sealed record Baseline(string Name, Func<IBaseline> Begin)
{
    /// <summary>No caching.</summary>
    public static readonly Baseline None = Fixed("none", static (_, _) => { });

    /// <summary>The provider's automatic caching: https://platform.claude.com/docs/en/build-with-claude/prompt-caching.</summary>
    public static readonly Baseline Automatic = Fixed("automatic", static (_, placement) => placement.Automatic = Ttl.FiveMinutes);

    /// <summary>LiteLLM with injection points for the system prompt and the last message: https://docs.litellm.ai/docs/tutorials/prompt_caching.</summary>
    public static readonly Baseline LiteLlm = Fixed("LiteLLM", static (prompt, placement) =>
    {
        placement.Mark(Landmarks.LastOf(prompt, PromptSection.System));
        Landmarks.MarkLast(prompt, placement, 1);
    });

    /// <summary>Vercel's gateway, <c>caching: 'auto'</c>: the end of what does not change, which is the system prompt.</summary>
    public static readonly Baseline Vercel = Fixed("Vercel", static (prompt, placement) =>
    {
        var system = Landmarks.LastOf(prompt, PromptSection.System);
        placement.Mark(system >= 0 ? system : Landmarks.LastOf(prompt, PromptSection.Tools));
    });

    /// <summary>Roo Code, Cline and LibreChat: the system prompt and the last two messages of the user.</summary>
    public static readonly Baseline RooAndLibreChat = Fixed("Roo/LibreChat", static (prompt, placement) =>
    {
        placement.Mark(Landmarks.LastOf(prompt, PromptSection.System));
        Landmarks.MarkLast(prompt, placement, 2, MessageRole.User);
    });

    /// <summary>VS Code: the last tool, the system prompt and the last two messages: https://github.com/microsoft/vscode/pull/315505.</summary>
    public static readonly Baseline VsCode = Fixed("VS Code", static (prompt, placement) =>
    {
        placement.Mark(Landmarks.LastOf(prompt, PromptSection.Tools));
        placement.Mark(Landmarks.LastOf(prompt, PromptSection.System));
        Landmarks.MarkLast(prompt, placement, 2);
    });

    /// <summary>Claude Code: the last two blocks of the system prompt and the last message of the user.</summary>
    public static readonly Baseline ClaudeCode = Fixed("Claude Code", static (prompt, placement) =>
    {
        var system = Landmarks.LastOf(prompt, PromptSection.System);
        placement.Mark(system);
        placement.Mark(system > 0 && prompt.Blocks[system - 1] is { Section: PromptSection.System, IsMarkable: true } ? system - 1 : -1);
        Landmarks.MarkLast(prompt, placement, 1, MessageRole.User);
    });

    /// <summary>
    /// autocache, strategy <c>moderate</c>: the system prompt and the tools for an hour, then the first texts that are large enough for five
    /// minutes, three in all: https://github.com/montevive/autocache.
    /// </summary>
    public static readonly Baseline Autocache = Fixed("autocache", static (prompt, placement) => AutocacheOf(prompt, placement, most: 3));

    /// <summary>Chowki: <see cref="SecondSight"/>.</summary>
    public static readonly Baseline Chowki = new("Chowki", static () => new SecondSight());

    /// <summary>SillyTavern with the setting that guides recommend: the system prompt and depth 2, for five minutes.</summary>
    public static readonly Baseline SillyTavernAtDepth2 = SillyTavernAt(2, Ttl.FiveMinutes) with { Name = "ST sys+d2/5m" };

    /// <summary>Every program, SillyTavern with one setting.</summary>
    public static readonly IReadOnlyList<Baseline> Programs = [None, Automatic, LiteLlm, Vercel, RooAndLibreChat, VsCode, ClaudeCode, Autocache, Chowki, SillyTavernAtDepth2];

    /// <summary>SillyTavern's settings: off, and the system prompt with messages at a depth of 0, 2, 4 or none, for five minutes or an hour.</summary>
    public static readonly IReadOnlyList<Baseline> SillyTavernSettings = [.. SettingsAt(-1, 0, 2, 4)];

    /// <summary>The same with depths of 6 and 8 too.</summary>
    public static readonly IReadOnlyList<Baseline> AllSillyTavernSettings = [.. SettingsAt(-1, 0, 2, 4, 6, 8)];

    private static IEnumerable<Baseline> SettingsAt(params int[] depths) =>
        depths.SelectMany(static depth => new[] { Ttl.FiveMinutes, Ttl.OneHour }, SillyTavernAt).Prepend(None with { Name = "off" });

    private static Baseline SillyTavernAt(int depth, Ttl ttl) =>
        new($"sys+{(depth < 0 ? "only" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"d{depth}"))}/{(ttl == Ttl.OneHour ? "1h" : "5m")}", () => new SillyTavern(system: true, depth, ttl));

    private static Baseline Fixed(string name, Action<Prompt, Placement> place)
    {
        var rule = new FixedPlacement(place);
        return new Baseline(name, () => rule);
    }

    private static void AutocacheOf(Prompt prompt, Placement placement, int most)
    {
        const int LeastTokens = 1024;
        var blocks = prompt.Blocks;
        foreach (var section in (ReadOnlySpan<PromptSection>)[PromptSection.System, PromptSection.Tools])
        {
            var tokens = 0;
            foreach (ref readonly var block in blocks)
            {
                tokens += block.Section == section ? block.Tokens : 0;
            }

            if (tokens >= LeastTokens)
            {
                placement.Mark(Landmarks.LastOf(prompt, section), Ttl.OneHour);
            }
        }

        for (var i = 0; i < blocks.Length && placement.Breakpoints.Length < most; i++)
        {
            if (blocks[i] is { Section: PromptSection.Messages, Kind: BlockKind.Text, IsMarkable: true, Tokens: >= LeastTokens })
            {
                placement.Mark(i);
            }
        }
    }
}
