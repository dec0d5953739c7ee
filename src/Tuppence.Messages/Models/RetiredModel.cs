namespace Tuppence.Messages.Models;

/// <summary>A model that the Claude API no longer serves.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Retired">The day, <c>yyyy-MM-dd</c>.</param>
/// <param name="StillOn">Platforms that serve it still.</param>
public sealed record RetiredModel(string Id, string Retired, IReadOnlyList<string> StillOn);
