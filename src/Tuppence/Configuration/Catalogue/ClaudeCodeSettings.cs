using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the group <c>claude_code</c>.</summary>
internal static class ClaudeCodeSettings
{
    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, bool>("claude_code.enabled", new BooleanFormat(), c => c.ClaudeCode.Enabled, (c, v) => c with { ClaudeCode = c.ClaudeCode with { Enabled = v } })
        {
            Summary = "Whether the upstream claude-code exists: your own, signed-in Claude Code program, run on this machine for you alone. Its provider's terms decide whether your plan may be used in this way; docs/guide/claude-code-upstream.md tells more.",
        },
        new Setting<GatewayConfig, string?>("claude_code.program", new TextFormat("a file", NameRules.NotEmpty), c => c.ClaudeCode.Program, (c, v) => c with { ClaudeCode = c.ClaudeCode with { Program = v } })
        {
            Summary = "The program. Left out: claude in PATH, else where its installers put it.",
            Example = "\"/opt/claude/bin/claude\"", NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("claude_code.concurrency", new IntegerFormat(1, 8), c => c.ClaudeCode.Concurrency, (c, v) => c with { ClaudeCode = c.ClaudeCode with { Concurrency = v } })
        {
            Summary = "Answers that may be under way at a time; each is a process of its own, of about 150 MB.",
        },
        new Setting<GatewayConfig, int>("claude_code.queue_length", new IntegerFormat(0, 64), c => c.ClaudeCode.QueueLength, (c, v) => c with { ClaudeCode = c.ClaudeCode with { QueueLength = v } })
        {
            Summary = "Requests that may wait for one of those answers to end; more are answered 529.",
        },
        new Setting<GatewayConfig, bool>("claude_code.keep_spare", new BooleanFormat(), c => c.ClaudeCode.KeepSpare, (c, v) => c with { ClaudeCode = c.ClaudeCode with { KeepSpare = v } })
        {
            Summary = "Whether one process is kept ready for the next request, which saves about 0.3 seconds and takes about 150 MB.",
        },
    ];
}
