namespace Tuppence.Emulator.Requests;

/// <summary>What decides about a body besides the body.</summary>
/// <param name="Version">The checked <c>anthropic-version</c>.</param>
/// <param name="Betas">The values of <c>anthropic-beta</c>.</param>
/// <param name="Counting">It is a <c>count_tokens</c> request, which takes fewer members and needs no <c>max_tokens</c>.</param>
internal sealed record RequestContext(string Version, IReadOnlyList<string> Betas, bool Counting)
{
    /// <summary>The version without sampling members.</summary>
    public bool IsNewVersion => Version == ApiVersion.V20261021;

    /// <summary>Whether a beta whose name begins so was asked for.</summary>
    public bool HasBeta(string prefix) => Betas.Any(beta => beta.StartsWith(prefix, StringComparison.Ordinal));
}
