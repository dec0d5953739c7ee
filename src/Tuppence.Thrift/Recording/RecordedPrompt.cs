using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Replays;

namespace Tuppence.Thrift.Recording;

/// <summary>Makes a prompt of a recorded request: blocks without text, whose hashes are equal exactly where those of the real prompts were.</summary>
/// <remarks>It plans and prices like the real one at the levels <c>markers</c> and <c>respect</c>; there is no body that could be rewritten.</remarks>
public static class RecordedPrompt
{
    /// <summary>Fills a prompt. Who did not share a cache when it was recorded shares no prefix here either.</summary>
    /// <param name="request">The recorded request.</param>
    /// <param name="prompt">Is overwritten.</param>
    /// <param name="tokenError">By which share at most each block's tokens are made wrong, up or down, always in the same way.</param>
    public static void Fill(RecordedRequest request, Prompt prompt, double tokenError = 0)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(prompt);
        prompt.Body.Clear();
        prompt.BlockList.Clear();
        prompt.BreakpointList.Clear();
        prompt.Model = request.Model;
        prompt.Root = PromptReader.Chain(request.Root, request.Scope);
        prompt.IsExact = tokenError == 0;
        prompt.Settings = request.Settings;
        prompt.Automatic = request.Automatic;
        var walk = new Walk { Prefix = prompt.Root, TokenError = tokenError };
        foreach (var block in request.Blocks)
        {
            walk.Take(block, request, prompt);
        }

        foreach (var breakpoint in request.Breakpoints)
        {
            prompt.BreakpointList.Add(breakpoint);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Walk()
    {
        private PromptSection section = PromptSection.Tools;
        private int endTokens;
        private int position = -1;
        private int message = -1;
        private BlockKind latest = BlockKind.Other;

        public UInt128 Prefix { get; set; }

        public double TokenError { get; init; }

        public void Take(RecordedBlock block, RecordedRequest request, Prompt prompt)
        {
            while (section < block.Section)
            {
                Prefix = section++ == PromptSection.Tools ? Mixed(request.Speed) : PromptReader.Chain(Prefix, request.Settings);
            }

            // A message border, and so a new position, wherever a message begins.
            message += block.Begins ? 1 : 0;
            Prefix = PromptReader.Chain(Prefix, block.Hash);
            var tokens = TokenError == 0 ? block.Tokens : WrongTokenCounter.Wrong(block.Tokens, (ulong)block.Hash, TokenError);
            endTokens += tokens;
            position += !block.Begins && latest == block.Kind && block.Kind is BlockKind.ToolUse or BlockKind.ToolResult ? 0 : 1;
            latest = block.Kind;
            prompt.BlockList.Add(new PromptBlock
            {
                Hash = block.Hash,
                Prefix = Prefix,
                Tokens = tokens,
                EndTokens = endTokens,
                Kind = block.Kind,
                Section = block.Section,
                Message = block.Section == PromptSection.Messages ? message : -1,
                Role = block.Role,
                Position = position,
                Range = default,
                Text = default,
                CacheControl = default,
                IsString = false,
                IsMarkable = block.IsMarkable,
            });
        }

        private readonly UInt128 Mixed(UInt128 value) => value == 0 ? Prefix : PromptReader.Chain(Prefix, value);
    }
}
