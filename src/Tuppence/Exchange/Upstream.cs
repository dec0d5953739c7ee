using Tuppence.Caching;
using Tuppence.Configuration;
using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Http1;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Exchange;

/// <summary>A configured upstream, compiled: immutable, replaced whole on reload. Its connections live on in their pool.</summary>
public sealed class Upstream
{
    /// <summary>Name in configuration, log and messages.</summary>
    public required string Name { get; init; }

    /// <summary>Where requests go.</summary>
    public required UpstreamOrigin Origin { get; init; }

    /// <summary>Idle connections to <see cref="Origin"/>.</summary>
    public required ConnectionPool Connections { get; init; }

    /// <summary>The upstream's own credential; null: the client's passes.</summary>
    public ICredential? Credential { get; init; }

    /// <summary>Header in which <see cref="Credential"/> is sent.</summary>
    public AuthScheme Auth { get; init; }

    /// <summary>Lines added where the client sent none of that name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes values out of <c>anthropic-beta</c>; null: nothing to take.</summary>
    public BetaFilter? Betas { get; init; }

    /// <summary>How it fares.</summary>
    public required Breaker Breaker { get; init; }

    /// <summary>Its kind, which sets its prices: <c>anthropic</c>, <c>emulator</c>, <c>claude-code</c>, the provider's name as in the option, or <c>messages</c> for any other that speaks the Messages API.</summary>
    public string Platform => Adapter?.Name ?? (IsEmulator ? "emulator" : IsAnthropic ? "anthropic" : "messages");

    /// <summary>Region or location of a cloud, or null.</summary>
    public string? Region { get; init; }

    /// <summary>
    /// True where a request for the model goes to an endpoint that is bound to a region or to several: on Vertex AI by its location, on Bedrock by the
    /// model's inference profile. Source: https://platform.claude.com/docs/en/about-claude/pricing, "Third-party platform pricing" (2026-08-21).
    /// </summary>
    public bool IsRegional(string? model) => Platform switch
    {
        "vertex" => Region is not (null or "global"),
        "bedrock" => !(model?.StartsWith("global.", StringComparison.Ordinal) == true
            || (model?.Contains("anthropic.", StringComparison.Ordinal) != true && BedrockInvoke.ProfileOf(Region) == "global.")),
        "bedrock-messages" => model?.StartsWith("global.", StringComparison.Ordinal) != true,
        _ => false,
    };

    /// <summary>True for the built-in emulator.</summary>
    public bool IsEmulator { get; init; }

    /// <summary>True for the user's own Claude Code program, which takes no credential and answers only what is meant for it.</summary>
    public bool IsClaudeCode { get; init; }

    /// <summary>True where it lives inside this process, so that it has no address.</summary>
    public bool IsBuiltIn => IsEmulator || IsClaudeCode;

    /// <summary>True for Anthropic's own API, the home of keys that begin with <c>sk-ant-</c>.</summary>
    public bool IsAnthropic { get; init; }

    /// <summary>True where <see cref="Credential"/> comes from a person's sign-in.</summary>
    public bool HasSignIn { get; init; }

    /// <summary>Turns requests into what the provider takes, and its answers back; null: the Messages API as it is.</summary>
    public ProviderAdapter? Adapter { get; init; }

    /// <summary>What is known of the prompt cache behind it.</summary>
    public UpstreamCaching Caching { get; init; }

    /// <summary>Edits for each way a request can come.</summary>
    public required UpstreamEdits Edits { get; init; }
}
