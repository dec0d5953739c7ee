namespace Tuppence.Configuration.Catalogue;

/// <summary>Why a text is not accepted.</summary>
/// <param name="Problem">What is wrong, as a sentence; holds no secret.</param>
/// <param name="Remedy">What to do, as a sentence; null for the standard one.</param>
internal sealed record Refusal(string Problem, string? Remedy = null);
