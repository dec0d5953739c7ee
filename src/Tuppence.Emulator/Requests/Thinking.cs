namespace Tuppence.Emulator.Requests;

/// <summary>How the reply thinks.</summary>
/// <param name="On">There may be a thinking block.</param>
/// <param name="Explicit">The request asked for it, rather than the model's default.</param>
/// <param name="Budget">Most tokens of it; <see langword="null"/> where the model decides.</param>
/// <param name="WithText">Its text is shown; without, the block carries a signature alone.</param>
internal readonly record struct Thinking(bool On, bool Explicit, int? Budget, bool WithText);
