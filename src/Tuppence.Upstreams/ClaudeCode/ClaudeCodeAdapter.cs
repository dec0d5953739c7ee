using Tuppence.Messages.Edits;
using Tuppence.Upstreams.ClaudeCode.Requests;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>The user's Claude Code program: what it cannot carry is refused, or left out and said.</summary>
public sealed class ClaudeCodeAdapter : ProviderAdapter
{
    /// <inheritdoc/>
    public override string Name => "claude-code";

    /// <inheritdoc/>
    public override string Title => "Claude Code";

    /// <inheritdoc/>
    public override long MaxBodyBytes => 32 * 1024 * 1024;

    /// <summary>The program sends betas of its own; a client's cannot be added once it runs.</summary>
    public override BetaFilter Betas { get; } = new(["*"]);

    /// <inheritdoc/>
    public override ProviderRefusal? Refuse(in ProviderRequest request) => request.Surface switch
    {
        ProviderSurface.Messages => null,
        ProviderSurface.CountTokens => NotServed(request, "/v1/messages and /v1/models") with { IsCounting = true },
        _ when request.Path == "/v1/models" || request.Path.StartsWith("/v1/models/", StringComparison.Ordinal) => null,
        _ => NotServed(request, "/v1/messages and /v1/models"),
    };

    /// <inheritdoc/>
    public override ProviderEdit? EditOf(in ProviderRequest request) => request.Surface != ProviderSurface.Messages ? null : new ProviderEdit(Name, static model => model)
    {
        AlsoDone = request.Notes,
        Fit = CarriedRequest.Fit,
    };
}
