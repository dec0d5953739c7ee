using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>What edits need to know of a request beside its body.</summary>
/// <param name="AnthropicVersion">Value of the header <c>anthropic-version</c>, or null.</param>
/// <param name="CountsTokens">Whether the request only counts tokens: that path takes no members that steer an answer.</param>
/// <param name="MaxDepth">Deepest nesting of the body, up to 1024; 0 means <see cref="MessageBody.DefaultMaxDepth"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EditContext(string? AnthropicVersion, bool CountsTokens = false, int MaxDepth = 0)
{
    /// <summary>The first API version that rejects temperature, top_p and top_k for every model.</summary>
    private const string SamplingRemoved = "2026-10-21";

    /// <summary>Whether this API version takes no sampling members at all. Source: model table, notes of the rows "sampling" (2026-10-21).</summary>
    public bool RejectsSampling => string.CompareOrdinal(AnthropicVersion, SamplingRemoved) >= 0;
}
