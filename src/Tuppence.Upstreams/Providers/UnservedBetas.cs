using Tuppence.Messages.Edits;

namespace Tuppence.Upstreams.Providers;

/// <summary>
/// Values of <c>anthropic-beta</c> that belong to Anthropic's own API, its sign-ins or its programs, and that Bedrock and Vertex answer with
/// “invalid beta flag”. Everything else goes on: new values come with every release.
/// </summary>
/// <remarks>Sources: https://github.com/anthropics/claude-code/issues/49370, /49648, /30926; https://github.com/BerriAI/litellm/pull/19875 (2026).</remarks>
internal static class UnservedBetas
{
    /// <summary>The filter; one for all.</summary>
    public static BetaFilter Filter { get; } = new(
    [
        "oauth-*", "oidc-federation-*", "claude-code-*", "prompt-caching-scope-*", "advanced-tool-use-*", "mcp-servers-*",
        "message-batches-*", "files-api-*", "skills-*", "managed-agents-*", "agent-memory-*", "message-threads-*",
    ]);
}
